"""The only floor that knows every box: it opens them by the settings and joins them."""
