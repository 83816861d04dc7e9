import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { uuid } from "@web/core/utils/strings";

const STORAGE_KEY = "contact_center.desk";

/** What is known of the caller, taken along when the same caller brings another matter. */
const CALLER_KEYS = ["call_id", "search", "partner_id", "name", "phone", "email", "kind", "inform_by", "anonymous"];
/** What alone does not make a draft worth keeping. */
const DEFAULT_KEYS = ["token", "call_id", "kind", "inform_by", "search_id"];

/**
 * What the operator has entered, named as the server names it. `category` and `street` are the chosen suggestions.
 */
export function emptyDraft() {
    return {
        token: uuid(),
        call_id: false,
        search: "",
        partner_id: false,
        name: "",
        phone: "",
        email: "",
        kind: "resident",
        inform_by: "phone",
        anonymous: false,
        words: "",
        category: null,
        description: "",
        request_class: "",
        priority: "",
        answers: {},
        street: null,
        street_text: "",
        house: "",
        flat: "",
        place_note: "",
        latitude: 0,
        longitude: 0,
        answer: "",
        article_id: false,
        search_id: false,
        reason: "",
        said: "",
    };
}

/** Returns an empty draft with the caller of another one. */
export function nextDraft(draft) {
    return Object.assign(emptyDraft(), Object.fromEntries(CALLER_KEYS.map((key) => [key, draft[key]])));
}

export function isEmptyDraft(draft) {
    const empty = emptyDraft();
    return Object.keys(empty)
        .filter((key) => !DEFAULT_KEYS.includes(key))
        .every((key) => JSON.stringify(draft[key]) === JSON.stringify(empty[key]));
}

/** Returns the values that an ending of the call sends to the server. */
export function toValues(draft) {
    const { category, street, search, ...values } = draft;
    return { ...values, category_id: category?.id || false, street_id: street?.id || false };
}

/**
 * Drafts live in this tab of this user until the browser is closed: a reload by accident loses nothing.
 *
 * @param {{ draft: Object, aside: Object[], endedCall: number|false }} drafts the present one, those set aside, and the
 *  last call that has ended
 */
export function saveDrafts({ draft, aside, endedCall }) {
    browser.sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ user: user.userId, draft, aside, endedCall }));
}

export function loadDrafts() {
    const { user: userId, ...saved } = JSON.parse(browser.sessionStorage.getItem(STORAGE_KEY) || "{}");
    if (userId !== user.userId) {
        return { draft: emptyDraft(), aside: [], endedCall: false };
    }
    return { ...saved, draft: { ...emptyDraft(), ...saved.draft } };
}
