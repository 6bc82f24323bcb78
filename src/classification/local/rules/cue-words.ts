/** What the rules listen for, as words and phrases that a person can find in the issue. */
export const cueWords = {
  security:
    'security|vulnerability|vulnerabilities|cve|xss|csrf|sql injection|remote code execution|rce|privilege escalation|credentials leak|leaked credentials|token leak|exploit|exploitable|auth bypass|authentication bypass|arbitrary code',
  dataLoss:
    'data loss|lost data|lost my|loses my|lose my|loses edits|loses changes|edits are lost|changes are lost|loses data|lose data|losing data|data corruption|corrupts|corrupted|corruption|deleted my|deletes all|wiped|overwrites|overwritten|funds lost|lost funds',
  outage:
    'production down|prod down|outage|down in production|site is down|completely down|service unavailable|production is broken|broken in production',
  crash:
    'crash|crashes|crashed|crashing|segfault|segmentation fault|core dumped|panic|kernel panic|oom|out of memory|fatal error|aborted|deadlock|hangs|freezes|freeze|frozen|blue screen|white screen|unresponsive',
  blocked:
    'cannot start|cant start|wont start|does not start|doesnt start|fails to start|cannot launch|wont launch|cannot open|wont open|cannot use|unusable|cannot install|cannot build|cannot log in|cannot login|unable to start|unable to login|unable to log in|blocker|blocking|blocks us|blocked by|showstopper|completely broken|totally broken',
  regression:
    'regression|regressed|used to work|worked before|previously worked|worked in|works in previous|stopped working|no longer works|after upgrading|after updating|after upgrade|after update|since upgrading|since updating|since the update|broke in',
  urgent:
    'urgent|urgently|asap|critical|high priority|p0|p1|as soon as possible|immediately|emergency|severe',
  manyUsers:
    'all users|every user|many users|everyone|all customers|affects all|for everybody|multiple users',
  failure:
    'error|errors|exception|exceptions|fails|fail|failed|failure|broken|does not work|doesnt work|not working|wrong|incorrect|incorrectly|unexpected|invalid|memory leak|leak|infinite loop',
  workaround: 'workaround|work around|works around|as a workaround|can be avoided|temporary fix',
  intermittent: 'sometimes|occasionally|intermittent|intermittently|flaky|randomly|rarely',
  cosmetic:
    'cosmetic|alignment|misaligned|misalignment|padding|margin|color|colour|font size|ui glitch|visual glitch|flicker|flickers|flickering|tooltip|icon|pixel|pixels|whitespace|layout shift|overlaps|overlapping|truncated|cut off',
  typo: 'typo|typos|misspelling|misspelled|misspelt|spelling|grammar|grammatical|wording|broken link|dead link|broken links|dead links',
  minor:
    'minor|low priority|nice to have|nitpick|nit|trivial|small issue|not urgent|p3|p4|would be nice|papercut',
  small:
    'good first issue|easy fix|simple fix|quick fix|small change|one line|one liner|simple change|easy to fix|rename|bump|trivial fix',
  large:
    'refactor|refactoring|rewrite|redesign|overhaul|migrate|migration|architecture|rearchitect|from scratch|breaking change|breaking changes|new backend|rfc|epic|roadmap|umbrella|meta issue|tracking issue|across the codebase|port to|full support',
  frustrated:
    'frustrating|frustrated|frustration|annoying|annoyed|annoys|terrible|horrible|awful|ridiculous|unacceptable|useless|garbage|crap|waste of time|wasted hours|wasted my|sick of|fed up|disappointed|disappointing|pathetic|wtf|hate|nightmare|driving me crazy|drives me crazy|come on|for years|still not fixed|still broken|seriously|damn',
  positive:
    'love|awesome|amazing|great work|great job|great project|great tool|great library|great app|fantastic|excellent|wonderful|brilliant|nice work|good work|kudos|thanks for the great|thank you for this|thanks for this|really like|keep up',
  polite: 'thanks|thank you|please|appreciate|appreciated|many thanks|thanks in advance',
  performance:
    'performance|slow|slower|slowly|slowness|latency|lag|laggy|high cpu|cpu usage|throughput|benchmark|speed up|too long|takes forever',
  memory: 'memory leak|memory usage|out of memory|oom|heap|memory consumption',
  accessibility:
    'accessibility|a11y|screen reader|aria|keyboard navigation|high contrast|wcag|voiceover|nvda',
  installation: 'install|installation|installing|installer|setup|pip install|npm install|apt',
  build:
    'build|compile|compiles|compilation|compiler|cmake|linker|makefile|bazel|webpack|undefined reference',
  tests:
    'unit test|unit tests|flaky test|test suite|tests fail|test fails|failing test|failing tests|test coverage',
  continuousIntegration: 'ci|github actions|workflow|pipeline|travis|jenkins|azure pipelines',
  dependencies: 'dependency|dependencies|upgrade to|bump|peer dependency|lockfile|package lock',
  networking:
    'network|proxy|timeout|timed out|connection refused|connection reset|dns|tls|ssl|certificate|http',
  authentication:
    'login|log in|sign in|signin|authentication|authorization|oauth|sso|password|token expired|permission denied',
  userInterface: 'ui|ux|button|menu|dialog|modal|sidebar|toolbar|layout|theme|dark mode|css|tooltip|dropdown',
  commandLine: 'cli|command line|terminal|shell|bash|zsh|powershell|console',
  api: 'api|endpoint|rest api|graphql|sdk',
  database: 'database|sql|postgres|postgresql|mysql|sqlite|mongodb|redis|migration',
  internationalisation:
    'i18n|l10n|localization|localisation|translation|translations|translate|locale|unicode|rtl',
  configuration: 'config|configuration|settings|setting|environment variable|env var',
  windows: 'windows|win10|win11|win32',
  macos: 'macos|mac os|osx|os x|macbook|m1 mac|apple silicon',
  linux: 'linux|ubuntu|debian|fedora|arch linux|centos',
  android: 'android',
  ios: 'ios|iphone|ipad',
  docker: 'docker|container|kubernetes|k8s|helm',
  gpu: 'gpu|cuda|cudnn|nvidia|rocm|opencl|metal',
  typescript: 'typescript|tsconfig|type definitions|typings',
  python: 'python|pip|conda|numpy',
} as const;

export type CueName = keyof typeof cueWords;
