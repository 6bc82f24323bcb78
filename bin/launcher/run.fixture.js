// The launcher's last step alone: node run.fixture.js <script>
import { run } from './run.js';

await run({ node: process.execPath, cache: process.argv[3], script: process.argv[2], args: [] });
