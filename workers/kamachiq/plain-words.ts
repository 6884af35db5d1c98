import { stem } from "../tools/documents/passages.ts";
import type { Word } from "./words.ts";

/**
 * Words that a goal can hold without asking for anything: they are read and play no part. Whatever is in no list, names no column
 * and no value, and is part of no phrase the planner knows, has not been understood, and is told or asked about.
 */

const GRAMMAR =
  "the a an of and or in on at to for from by with within per each all any both either our their his her its it they them he she we i you me us my your this that these those is are was were be been being am has have had having do does did done can could may might shall should will would must let lets as so than then there here if whether when while where who whom whose which what how into onto over under about between among across along through during also too just still yet already even ever again please thanks thank etc eg ie vs versus up down out off such same own other others one ones some more most less least many much few several every another else only very quite rather really mainly mostly usually generally typically overall altogether respectively together side against toward towards upon throughout via because since until till after before now instead rather please maybe perhaps everything anything everyone someone something";

const ASKING =
  "show tell give find list rank compare describe summarise summarize summary explain analyse analyze analysis look investigate examine explore determine identify calculate compute count plot chart charts draw visualise visualize graph graphs figure figures table tables break check report reports follow track measure measures estimate present see test name know understand learn answer question questions want need like would interested consider considered restrict limit limited focus filter filtered use used wish wonder wondering curious provide display include including create make made produce prepare get got work out say help us want study review inspect identify point highlight identify look looking figure quick quickly brief briefly clear clearly simple simply detail details detailed exactly actually";

const STUFF =
  "data dataset datasets file files row rows record records entry entries value values number numbers amount level levels thing things information info insight insights result results picture pattern patterns overview way ways part parts aspect basis terms case column columns variable variables attribute attributes field fields available known given attached whole entire full complete general different various certain kind kinds type types sort sorts set sets group groups grouped category categories individual separately separate single split broken sorted ordered";

const HAPPENING =
  "happen happens happened happening occur occurs occurred take takes took taken go goes went going come comes came coming stand stands look looks seem seems appear appears appeared tend tends tended behave depend depends depending cause causes caused causing record recorded observed observe seen found reported report measured collected registered made make makes use used using work works worked working run runs ran belong belongs exist exists existed get gets have cover covers covered live lives lived do did keep keeps kept hold holds held bring brings brought give gives gave vary varies varied differ differs differed develop developed develops change changed changes evolve evolved receive receives received account accounts accounted";

const COMPARING =
  "top bottom highest lowest largest smallest biggest greatest best worst first last high low higher lower large larger small smaller big bigger great greater long short most least fewest fewer difference differences different differ relationship relationships relation relations relate relates related correlation correlations correlate connected connection average averages averaged mean means median medians typical total totals sum sums count counts number share shares percentage percentages percent proportion fraction trend trends time times range distribution spread histogram frequency frequent frequently common often ranking ranked order maximum minimum max min ten three five two four six seven eight nine hundred dozen equal roughly about approximately than time line bar";

const toSet = (...texts: readonly string[]): ReadonlySet<string> => new Set(texts.join(" ").split(" "));

/** Words that by themselves never name a column in part, nor a value. */
export const FILLERS = toSet(
  GRAMMAR,
  ASKING,
  STUFF,
  HAPPENING,
  COMPARING,
  "yes no not year years month months week weeks day days date quarter quarters hour hours rate",
);

const HARMLESS = toSet(GRAMMAR, ASKING, STUFF, HAPPENING, COMPARING);
/** Of verbs every form is as harmless as the one that is listed: covers, covered, covering. */
const HARMLESS_STEMS: ReadonlySet<string> = new Set([...toSet(ASKING, HAPPENING)].filter((word) => word.length >= 4).map(stem));

/** True for a word that may stand in a goal without being understood as anything. */
export function isHarmless(word: Word): boolean {
  return HARMLESS.has(word.text) || (/(?:ed|ing|s)$/.test(word.text) && HARMLESS_STEMS.has(word.stem));
}

/** Words that turn a meaning round: one that was not understood is never passed over. */
export const NEGATIONS = toSet(
  "not no non never without except excluding exclude excludes excluded ignore ignoring omit omitting minus neither nor apart besides",
);
