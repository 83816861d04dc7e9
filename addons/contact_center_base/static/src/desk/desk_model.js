import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { KeepLast } from "@web/core/utils/concurrency";
import { Reactive, effect } from "@web/core/utils/reactive";
import { debounce } from "@web/core/utils/timing";
import { emptyDraft, isEmptyDraft, loadDrafts, nextDraft, saveDrafts, toValues } from "./draft";

const DELAY = 250;
const SHORTEST_WORD = 3;
const SESSION_EXPIRED = "odoo.http.SessionExpiredException";

/**
 * The state of the operator's desk: what was entered, what the server knows about it, and how the call ends.
 */
export class DeskModel extends Reactive {
    constructor(orm) {
        super();
        this.orm = orm;
        this.settings = null;
        Object.assign(this, loadDrafts());
        this.clearKnowledge();
        /** The draft that was cleared just now, to bring it back. */
        this.cleared = null;
        /** What the last ended call gave; shown until the operator goes on. */
        this.result = null;
        this.lastDraft = null;
        /** Name of the ending under way. */
        this.ending = "";
        this.refusing = false;
        this.alert = "";
        this.errors = {};
        this.lastSuggestions = new KeepLast();
        this.lastNearby = new KeepLast();
        this.lastCaller = new KeepLast();
        this.suggestSoon = debounce(() => this.suggest(), DELAY);
        this.findNearbySoon = debounce(() => this.findNearby(), DELAY);
        effect(saveDrafts, [this]);
    }

    /**
     * @param {{ callId?: number, phone?: string }} call the call that opens the desk, if one does
     */
    async start({ callId, phone } = {}) {
        // A reload opens the desk with the same call once more, also when that has ended.
        if (callId && callId !== this.draft.call_id && callId !== this.endedCall) {
            this.setAside();
            Object.assign(this.draft, { call_id: callId, search: phone || "" });
        }
        this.settings = await this.orm.call("contact.center.desk", "get_settings");
        await this.refresh();
    }

    /** Ask for everything the server knows about the draft. */
    async refresh() {
        this.clearKnowledge();
        await Promise.all([
            this.draft.search && this.lookupCaller({ keep: Boolean(this.draft.name || this.draft.partner_id) }),
            this.suggest(),
            this.findNearby(),
        ]);
    }

    clearKnowledge() {
        this.caller = null;
        this.categories = [];
        this.searched = "";
        this.articles = [];
        /** Texts of the articles that were opened, by id. */
        this.articleTexts = {};
        this.district = "";
        this.nearby = [];
        this.chosenNearby = 0;
        this.notices = [];
    }

    // Drafts

    get isEmpty() {
        return isEmptyDraft(this.draft);
    }

    setAside() {
        if (!this.isEmpty) {
            this.aside.push(this.draft);
        }
        this.draft = emptyDraft();
    }

    /** Go on with a draft set aside; the present one takes its place unless it is empty. */
    async resume(index) {
        const [draft] = this.aside.splice(index, 1);
        this.setAside();
        this.draft = draft;
        this.clearMessages();
        await this.refresh();
    }

    discard() {
        this.cleared = this.draft;
        this.endedCall = this.draft.call_id || this.endedCall;
        this.draft = emptyDraft();
        this.goOn();
    }

    /** Bring back what was just cleared. */
    async undoDiscard() {
        this.draft = this.cleared;
        this.cleared = null;
        await this.refresh();
    }

    /** Leave the result of the ended call. */
    goOn() {
        this.result = null;
        this.refusing = false;
        this.clearMessages();
        this.clearKnowledge();
    }

    /** Leave the result, with the same caller. */
    async goOnWithCaller() {
        this.draft = nextDraft(this.lastDraft);
        this.goOn();
        await this.refresh();
    }

    clearMessages() {
        this.alert = "";
        this.errors = {};
    }

    /**
     * @param {Object} values of the draft
     * @param {string} [part] part of the desk whose error they settle
     */
    update(values, part) {
        Object.assign(this.draft, values);
        delete this.errors[part];
    }

    // Caller

    setSearch(search) {
        this.update({ search, partner_id: false, name: "", phone: "", email: "", kind: "resident" }, "caller");
        this.caller = null;
    }

    /**
     * @param {{ keep?: boolean }} [options] keep: leave the applicant of the draft as it is
     */
    async lookupCaller({ keep = false } = {}) {
        const search = this.draft.search.trim();
        if (!search) {
            return;
        }
        const caller = await this.lastCaller.add(this.call("lookup_caller", [search]));
        if (!caller) {
            return;
        }
        this.caller = caller;
        if (keep) {
            return;
        }
        this.update({ phone: caller.phone || "", email: caller.email || "" }, "caller");
        if (caller.applicants.length) {
            this.chooseApplicant(caller.applicants[0]);
        } else if (!caller.phone && !caller.email) {
            this.readSearchAsName(search);
        }
    }

    readSearchAsName(search) {
        if (/\d/.test(search)) {
            this.errors.caller = _t("Neither a phone number nor the number of a request: check its digits.");
        } else {
            this.update({ name: search });
        }
    }

    /** @param {Object|null} applicant null: a person who is not known yet */
    chooseApplicant(applicant) {
        const { phone, email } = this.caller;
        this.update(
            {
                partner_id: applicant?.id || false,
                name: applicant?.name || "",
                kind: applicant?.kind || "resident",
                inform_by: applicant?.inform_by || "phone",
                phone: phone || applicant?.phone || "",
                email: email || applicant?.email || "",
            },
            "caller"
        );
    }

    // Topic

    setWords(words) {
        this.update({ words }, "words");
        this.suggestSoon();
    }

    async suggest() {
        const words = this.draft.words.trim();
        const category = this.draft.category;
        if (words.length < SHORTEST_WORD && !category) {
            this.categories = [];
            this.articles = [];
            this.searched = "";
            return;
        }
        const suggestions = await this.lastSuggestions.add(
            this.call("suggest", [words, category?.id || false, this.draft.search_id])
        );
        if (suggestions) {
            this.categories = suggestions.categories;
            this.articles = this.withUsedArticle(suggestions.articles);
            this.searched = words;
            this.draft.search_id = suggestions.articles[0]?.search_id || this.draft.search_id;
        }
    }

    async chooseCategoryById(categoryId) {
        const category = await this.call("get_category", [categoryId]);
        if (category) {
            this.chooseCategory(category);
        }
    }

    chooseCategory(category) {
        this.update(
            {
                category,
                request_class: category.request_class,
                priority: category.priority,
                answers: Object.fromEntries(category.questions.map(({ name, default: value }) => [name, value ?? false])),
            },
            "category"
        );
        delete this.errors.place;
        this.suggest();
        this.findNearby();
    }

    dropCategory() {
        this.update({ category: null, request_class: "", priority: "", answers: {} });
        this.suggest();
        this.findNearby();
    }

    setAnswer(name, value) {
        this.draft.answers[name] = value;
    }

    // Place

    setPlace(values) {
        this.update(values, "place");
        this.findNearbySoon();
    }

    chooseStreet(street) {
        this.district = street?.district || "";
        this.setPlace({ street, street_text: street?.name || "" });
    }

    suggestStreets(words) {
        return words.length < SHORTEST_WORD ? [] : this.call("suggest_streets", [words]);
    }

    async findNearby() {
        const { category, street, house, latitude, longitude } = this.draft;
        if (!street && !latitude && !longitude) {
            Object.assign(this, { district: "", nearby: [], notices: [] });
            return;
        }
        const place = { street_id: street?.id || false, house, latitude, longitude };
        const known = await this.lastNearby.add(this.call("nearby", [category?.id || false, place]));
        if (known) {
            const { district, requests, notices } = known;
            Object.assign(this, { district, nearby: requests, chosenNearby: 0, notices });
        }
    }

    // Answer

    /** Returns the articles with the one used for the answer, which stays in sight whatever is said next. */
    withUsedArticle(articles) {
        const isUsed = ({ id }) => id === this.draft.article_id;
        return articles.some(isUsed) ? articles : [...this.articles.filter(isUsed), ...articles];
    }

    /** Opens an article and takes it as the one that answers; once more, and it doesn't. */
    async toggleArticle(article) {
        const used = this.draft.article_id !== article.id;
        this.update({ article_id: used ? article.id : false }, "answer");
        if (used && !this.articleTexts[article.id]) {
            this.articleTexts[article.id] = await this.call("read_article", [article.id]);
        }
    }

    // Endings

    register() {
        return this.end("register", [toValues(this.draft)]);
    }

    join(requestId) {
        return this.end("join", [requestId, toValues(this.draft)]);
    }

    answer() {
        return this.end("answer", [toValues(this.draft), this.draft.article_id]);
    }

    /** @param {string} reference of the notice that answers the caller */
    answerNotice(reference) {
        return this.end("answer_notice", [reference, toValues(this.draft)]);
    }

    refuse() {
        return this.end("refuse", [toValues(this.draft)]);
    }

    async end(ending, args) {
        // A second click while the first is under way does nothing; the token of the draft guards the server.
        if (this.ending) {
            return;
        }
        this.ending = ending;
        this.clearMessages();
        const result = await this.call(ending, args);
        this.ending = "";
        if (result?.errors) {
            this.errors = result.errors;
        } else if (result) {
            this.result = result;
            this.lastDraft = this.draft;
            this.endedCall = this.draft.call_id || this.endedCall;
            this.cleared = null;
            this.draft = emptyDraft();
            this.refusing = false;
        }
    }

    /** Calls the server; what goes wrong is shown on the desk, where everything entered stays. */
    async call(method, args) {
        try {
            return await this.orm.silent.call("contact.center.desk", method, args);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.alert = _t("The server can't be reached. What you entered is kept: try again in a moment.");
            } else if (error instanceof RPCError && error.exceptionName !== SESSION_EXPIRED) {
                this.alert = error.exceptionName?.startsWith("odoo.exceptions.")
                    ? error.data.message
                    : _t("The server has failed at this. What you entered is kept: try again, or tell your administrator.");
            } else {
                throw error;
            }
            return null;
        }
    }
}
