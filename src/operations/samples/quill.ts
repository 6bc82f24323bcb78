import { days, hours, type SampleIssue, type SampleProject } from './sample.ts';

const issues: readonly SampleIssue[] = [
  {
    number: 41,
    age: days(22),
    author: 'fenna-dev',
    title: 'Cursor jumps to the end of the line when typing after an emoji',
    body: `**Describe the bug**
Type \`a👩‍🚀b\`, put the cursor between the emoji and \`b\`, and type. The first character lands where it should, then the cursor is at the end of the line.

**To reproduce**
https://quill.example/play, plain paragraph, no plugins.

**Expected**
The cursor stays.

**Versions**
quill 2.9.0, Chrome 129, macOS 14. Safari is fine.`,
    labels: ['bug', 'selection'],
    later: [
      {
        after: days(1),
        by: 'ottoline',
        what: 'commented',
        text: 'Offsets are counted in UTF-16 units in one place and in code points in another.',
      },
    ],
  },
  {
    number: 49,
    age: hours(30),
    author: 'k-oyelaran',
    title: 'Caret moves to end of line after typing next to an emoji',
    body: `In Chrome, if there is an emoji with a joiner (family, astronaut) in the line and I type right behind it, the caret goes to the end of the line after the first letter. quill 2.9.1. Does not happen in Safari.`,
  },
  {
    number: 42,
    age: days(14),
    author: 'mads_p',
    title: "TypeError: Cannot read properties of null (reading 'parent') when undoing a paste into a table",
    body: `\`\`\`
TypeError: Cannot read properties of null (reading 'parent')
    at resolveCell (quill-tables.mjs:412:21)
    at TableView.update (quill-tables.mjs:388:18)
    at applyDelta (quill.mjs:2210:9)
    at History.undo (quill.mjs:3121:5)
    at HTMLDocument.onKeydown (quill.mjs:3188:12)
\`\`\`

1. Insert a 2x2 table
2. Paste two rows from a spreadsheet into the last cell
3. Ctrl+Z

After that the editor does not react to anything, and the content typed since the last save is lost.`,
    labels: ['bug'],
    later: [
      { after: hours(2), by: 'ottoline', what: 'assigned', to: 'ottoline' },
      { after: days(6), by: 'ottoline', what: 'closed', reason: 'completed' },
      { after: days(9), by: 'mads_p', what: 'reopened' },
      {
        after: days(9) + 2,
        by: 'mads_p',
        what: 'commented',
        text: 'Still there in 2.9.1 when the pasted rows are longer than the table.',
      },
    ],
  },
  {
    number: 43,
    age: days(10),
    author: 'celia-w',
    title: 'Let plugins add buttons to the floating toolbar',
    body: `The main toolbar takes extra buttons, the floating one (the one over a selection) does not. I would like to add "ask a question about this" there.

Something like \`quill.floating.add({ icon, title, run })\` would do. Right now I patch the DOM after each selection change, which flickers.`,
    labels: ['enhancement'],
  },
  {
    number: 44,
    age: days(6),
    author: 'yusuf-t',
    title: 'How can I get the content as Markdown?',
    body: 'I see `getHTML()` and `getDelta()`. Is there a supported way to get Markdown, or should I convert the HTML? I need it on the server too, where there is no DOM.',
    later: [
      {
        after: hours(6),
        by: 'ottoline',
        what: 'commented',
        text: '`@quill/markdown` takes a delta and needs no DOM.',
      },
      { after: hours(7), by: 'yusuf-t', what: 'closed', reason: 'completed' },
    ],
  },
  {
    number: 45,
    age: days(4),
    author: 'noor-h',
    title: 'Screen reader announces every list item twice',
    body: `With NVDA 2024.3 and Firefox, moving through a list reads "bullet, Buy milk, bullet, Buy milk". It seems the marker is rendered as text with a label, and the item has an \`aria-label\` as well.

For me this makes lists with more than a few items unusable. Version 2.8 was fine.`,
    later: [
      { after: hours(1), by: 'ottoline', what: 'labeled', label: 'accessibility' },
      { after: hours(1), by: 'ottoline', what: 'labeled', label: 'regression' },
    ],
  },
  {
    number: 46,
    age: days(3),
    author: 'dimitrios-g',
    title: 'Typing is slow in documents over 200 pages',
    body: `Each key press takes 180 ms in a document with 4,100 paragraphs. A profile shows that \`normalize()\` walks the whole tree on every change (attached numbers from Chrome):

| step | ms |
|---|---|
| input event | 2 |
| \`applyDelta\` | 6 |
| \`normalize\` | 151 |
| layout | 19 |

In 2.7 it was about 30 ms in total. I think \`normalize\` could be limited to the blocks that the delta touched.`,
    labels: ['performance'],
  },
  {
    number: 47,
    age: days(2),
    author: 'solveig-a',
    title: 'README: the installation example imports a path that is not exported',
    body: "The README says `import 'quill/themes/snow.css'`. `package.json` exports only `./snow.css`, so bundlers fail with *Missing \"./themes/snow.css\" specifier*. Should be `import 'quill/snow.css'`.",
    later: [{ after: hours(12), by: 'ottoline', what: 'commented', text: 'True, thank you!' }],
  },
  {
    number: 48,
    age: hours(40),
    author: 'haruka-s',
    title: 'Japanese input: Enter confirms the conversion and also inserts a line break',
    body: `1. Switch to a Japanese IME
2. Type \`nihon\`, press Space to convert
3. Press Enter to confirm

A line break is inserted as well. The \`keydown\` has \`isComposing: true\` in Chrome, but in Safari the event comes after \`compositionend\` with \`keyCode 229\`.

Everybody in our office who writes Japanese on a Mac has this, so we stay on 2.8 for now.`,
    later: [
      {
        after: hours(2),
        by: 'haruka-s',
        what: 'edited',
        title: 'Japanese IME on Safari: Enter confirms the conversion and also breaks the line',
      },
    ],
  },
  {
    number: 50,
    age: hours(5),
    author: 'wren-ellis',
    title: 'Feature request: collapsible headings',
    body: 'Long meeting notes would be much easier to read if a click on a heading folded everything under it. The state need not be saved in the document.',
  },
  {
    number: 51,
    age: hours(1),
    author: 'jpbm',
    association: 'CONTRIBUTOR',
    title: 'Types: `Delta.concat` returns `any` since 2.9.1',
    body: `\`\`\`ts
const both = a.concat(b); // any
\`\`\`

The build now emits \`concat(other: Delta): any\` because of the new overload. With \`noUnsafe*\` rules on, our lint fails in 60 places. A return type on the overload fixes it.`,
  },
  {
    number: 52,
    age: 31,
    author: 'claire-mtl',
    title: 'Comment désactiver la correction automatique dans un seul éditeur ?',
    body: "Bonjour, nous avons deux éditeurs sur la même page. Dans celui du code, je voudrais couper `spellcheck` et `autocorrect`, mais pas dans l'autre. L'option globale marche, je ne trouve rien par instance. Merci !",
  },
];

export const quill: SampleProject = {
  repository: {
    id: -102,
    owner: 'sample',
    name: 'quill',
    description: 'A rich text editor for the web',
    language: 'TypeScript',
  },
  issues,
};
