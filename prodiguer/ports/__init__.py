"""What the boxes ask of each other: small Protocols, and the values that cross them."""
