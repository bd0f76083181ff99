import { Notice } from "../../ui/notice";

export const PlatformPage = () => <Notice title="Platform" />;
