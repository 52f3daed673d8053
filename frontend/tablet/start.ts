// What the page says of itself: whose tablet it is, and where its ways lead.
import type { Judge, Skill } from "./types";

export interface Urls {
  home: string;
  sign_in: string;
  zh: string;
  en: string;
  sheets?: string; // up to their sign-off; a tablet of the hall has no sign-in to open it with
}

export interface Start {
  skill: Skill;
  judge: Judge;
  version: string; // which build of this page
  hall?: boolean; // a tablet of the hall: no sign-in, only a token
  urls: Urls;
}
