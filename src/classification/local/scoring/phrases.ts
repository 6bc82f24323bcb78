import { lexicon } from '../text/lexicons.ts';
import { zone } from '../text/scan.ts';
import type { SignalName } from '../text/signals.ts';

/** How a signal is called in a sentence that a person can check against the issue. Signals without one stay unsaid. */
export const phrases: Readonly<Partial<Record<SignalName, string>>> = {
  titleQuestionMarks: 'a question mark in the title',
  bodyIsEmpty: 'an empty body',
  codeBlocks: 'a code block',
  stackFrames: 'a stack trace',
  errorLines: 'an error message',
  images: 'a picture',
  questionMarks: 'questions in the text',
  leadQuestionMarks: 'a question at the start',
  numberedSteps: 'numbered steps',
  checkedBoxes: 'a filled-in checklist',
  headingReproduce: 'steps to reproduce',
  headingExpected: 'expected and actual behaviour',
  headingEnvironment: 'the environment described',
  headingRequest: 'a described solution',
  versions: 'version numbers',
};

/** Where the word stands that a signal counted: it is shown instead of the list's name. */
export const countedWords: Readonly<
  Partial<Record<SignalName, { readonly zone: number; readonly list: number }>>
> = {
  titleStartsWithQuestionWord: { zone: zone.title, list: lexicon.question },
  titleStartsWithRequestVerb: { zone: zone.title, list: lexicon.request },
  titleTroubleWords: { zone: zone.title, list: lexicon.trouble },
  titleRequestWords: { zone: zone.title, list: lexicon.request },
  titleQuestionWords: { zone: zone.title, list: lexicon.question },
  titleDocumentationWords: { zone: zone.title, list: lexicon.documentation },
  troubleWords: { zone: zone.prose, list: lexicon.trouble },
  requestWords: { zone: zone.prose, list: lexicon.request },
  questionWords: { zone: zone.prose, list: lexicon.question },
  documentationWords: { zone: zone.prose, list: lexicon.documentation },
  modals: { zone: zone.prose, list: lexicon.modal },
};
