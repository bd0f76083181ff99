import { Notice } from "../../ui/notice";

export const DeadLettersPage = () => <Notice title="Dead letters" />;
