import { Notice } from "../../ui/notice";

export const RunPage = ({ uid }: { uid: string }) => <Notice title={uid} />;
