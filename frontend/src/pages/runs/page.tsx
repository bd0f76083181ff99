import { Notice } from "../../ui/notice";

export const RunsPage = () => <Notice title="Runs" />;
