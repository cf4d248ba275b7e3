import { focusErrors, guardForms } from './confirm.ts';
import { enableCopy, enablePrint } from './copy.ts';
import { enableMakeKey } from './make-key.ts';
import { enableWatch } from './watch.ts';

// On every page; each is a small help, and nothing needs them.
guardForms();
focusErrors();
enableCopy();
enablePrint();
enableMakeKey();
enableWatch();
