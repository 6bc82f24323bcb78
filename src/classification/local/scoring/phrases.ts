import type { SignalName } from '../text/signals.ts';

/** How a signal is called in a sentence that a person can check against the issue. Signals without one stay unsaid. */
export const phrases: Readonly<Partial<Record<SignalName, string>>> = {
  titleQuestionMarks: 'a question mark in the title',
  titleStartsWithQuestionWord: 'a title that begins like a question',
  titleStartsWithRequestVerb: 'a title that asks for a change',
  titleTroubleWords: 'trouble named in the title',
  titleDocumentationWords: 'documentation named in the title',
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
  requestWords: 'words of request',
  troubleWords: 'words of trouble',
  questionWords: 'words of asking',
  documentationWords: 'words about documentation',
  modals: 'wishes ("would", "could", "should")',
};
