import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, edit, fill, press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import { contains, makeServerError, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { OperatorDesk } from "@contact_center_base/desk/desk";
import { browser } from "@web/core/browser/browser";

describe.current.tags("desktop");
defineMailModels();

const TYPING_PAUSE = 300;
const CALLER = { phone: "+380501234567", email: false, blocked: false, applicants: [], open_requests: [], contacts: [] };
const OKSANA = { id: 7, name: "Oksana", kind: "resident", phone: "+380501234567", email: false, inform_by: false };
const STREET = { id: 3, name: "Soborna", former: "Lenina", district: "Centre", latitude: 0, longitude: 0 };
const RESULT = { title: "Registered", request_id: 5, number: "CC-1", deadline_text: "due tomorrow 17:00", speech: ["Hello"] };

function makeCategory(id, name, values = {}) {
    return {
        id,
        name,
        path: "Lighting",
        request_class: "request",
        priority: "1",
        restricted: false,
        place_required: false,
        term: false,
        questions: [],
        ...values,
    };
}

const LAMP = makeCategory(11, "Lamp is off");
const POLE = makeCategory(12, "Broken pole");

/** Answers of the server by method; a test replaces what it is about. */
let server;

beforeEach(() => {
    browser.sessionStorage.removeItem("contact_center.desk");
    const options = [{ value: "resident", label: "Resident" }];
    server = {
        get_settings: () => ({
            kinds: options,
            inform_by: [{ value: "phone", label: "Phone" }],
            classes: [
                { value: "request", label: "Request" },
                { value: "consultation", label: "Consultation" },
            ],
            priorities: [{ value: "1", label: "Normal" }],
            refusal_reasons: [{ value: "insults", label: "Insults" }],
            map_centre: false,
        }),
        lookup_caller: () => CALLER,
        suggest: (words, categoryId) => ({ categories: categoryId ? [] : [LAMP, POLE], articles: [] }),
        suggest_streets: () => [STREET],
        nearby: () => ({ district: "Centre", requests: [], notices: [] }),
        register: () => RESULT,
    };
    onRpc("contact.center.desk", "*", ({ method, args }) => {
        expect.step(method);
        return server[method](...args);
    });
});

async function mountDesk(context = {}) {
    const desk = await mountWithCleanup(OperatorDesk, { props: { action: { context } } });
    await animationFrame();
    expect.verifySteps(context.phone ? ["get_settings", "lookup_caller"] : ["get_settings"]);
    return desk;
}

async function type(selector, text) {
    await click(selector);
    await edit(text);
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
}

async function chooseLamp() {
    await type("#desk_words", "lamp");
    await press("Enter");
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
    expect.verifySteps(["suggest", "suggest"]);
}

test("a ringing call brings the caller along", async () => {
    server.lookup_caller = (phone) => {
        expect(phone).toBe("+380501234567");
        return { ...CALLER, applicants: [OKSANA] };
    };
    await mountDesk({ call_id: 1, phone: "+380501234567" });
    expect("#desk_search").toHaveValue("+380501234567");
    expect(".o_desk_applicants input:first").toBeChecked();
    expect("#desk_words").toBeFocused();
});

test("of several applicants of a phone one is chosen", async () => {
    server.lookup_caller = () => ({ ...CALLER, applicants: [OKSANA, { ...OKSANA, id: 8, name: "Petro" }] });
    server.register = (values) => {
        expect(values.partner_id).toBe(8);
        return RESULT;
    };
    await mountDesk();
    await click("#desk_search");
    await fill("0501234567");
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect(".o_desk_applicants input:first").toBeFocused();
    await click(".o_desk_applicants input:eq(1)");
    await click(".o_desk_register");
    await animationFrame();
    expect.verifySteps(["lookup_caller", "register"]);
});

test("a blocked number is announced in words", async () => {
    server.lookup_caller = () => ({ ...CALLER, blocked: { until: "1 March", reason: "Threats" } });
    await mountDesk({ call_id: 1, phone: "+380501234567" });
    expect(".o_desk_blocked[role=alert]").toHaveText("Blocked until 1 March\nThreats");
    expect(".o_desk_blocked .fa-ban").toHaveCount(1);
});

test("fast typing asks once, and a late answer doesn't replace a newer one", async () => {
    const late = new Deferred();
    server.suggest = (words) => (words === "lamp" ? late : { categories: [POLE], articles: [] });
    await mountDesk();
    await click("#desk_words");
    await edit("la");
    await edit("lamp");
    await advanceTime(TYPING_PAUSE);
    expect.verifySteps(["suggest"]);
    await edit("pole");
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
    expect.verifySteps(["suggest"]);
    late.resolve({ categories: [LAMP], articles: [] });
    await animationFrame();
    expect(queryAllTexts("[role=option] .text-truncate")).toEqual(["Broken pole Lighting"]);
});

test("a topic is chosen with arrows and Enter, or by its number", async () => {
    await mountDesk();
    await type("#desk_words", "lamp");
    await press("ArrowDown");
    await animationFrame();
    expect("[role=option][aria-selected=true]").toHaveText(/Broken pole/);
    await press("Enter");
    await animationFrame();
    expect(".o_desk_category").toHaveText(/Broken pole/);
    await click(".o_desk_category button");
    await animationFrame();
    expect("#desk_words").toBeFocused();
    await press(["alt", "1"]);
    await animationFrame();
    expect(".o_desk_category").toHaveText(/Lamp is off/);
    await advanceTime(TYPING_PAUSE);
    expect.verifySteps(["suggest", "suggest", "suggest", "suggest"]);
});

test("a street is found by its former name and brings its district", async () => {
    await mountDesk();
    await type("#desk_street", "lenina");
    expect(".o-autocomplete--dropdown-item").toHaveText("Soborna (former Lenina) · Centre");
    await press("Enter");
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
    expect("#desk_street").toHaveValue("Soborna");
    expect("#desk_house").toBeFocused();
    expect(".o_desk_district").toHaveText("District: Centre");
    expect.verifySteps(["suggest_streets", "nearby"]);
});

test("open requests near the place can be joined", async () => {
    const request = {
        id: 21,
        number: "CC-7",
        description: "Dark",
        state: "new",
        state_label: "New",
        age: 2,
        metres: 40,
        joined: 3,
        photo: false,
        deadline_text: "due today 17:00",
        address: "Soborna 12",
    };
    server.nearby = () => ({ district: "Centre", requests: [request], notices: [] });
    server.join = (requestId) => {
        expect(requestId).toBe(21);
        return { ...RESULT, number: "CC-7" };
    };
    await mountDesk();
    expect(".o_desk_join").not.toBeEnabled();
    await chooseLamp();
    await type("#desk_street", "lenina");
    await press("Enter");
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
    expect(".o_desk_nearby .text-muted").toHaveText("3 · 40 m away · 2 d. old · due today 17:00 · Soborna 12");
    await click(".o_desk_join");
    await animationFrame();
    expect(".o_desk_number").toHaveText("CC-7");
    expect.verifySteps(["suggest_streets", "nearby", "join"]);
});

test("a notice at the place answers the caller in one click", async () => {
    const works = { icon: "fa-bolt", title: "W-1 · Under way", text: "No water until 18:00.", reference: "works-9", url: "/w/9" };
    const plain = { icon: "fa-bullhorn", title: "City day", text: "Streets are closed." };
    server.nearby = () => ({ district: "Centre", requests: [], notices: [works, plain] });
    server.answer_notice = (reference, values) => {
        expect([reference, values.street_id]).toEqual(["works-9", 3]);
        return { ...RESULT, deadline_text: false, speech: [] };
    };
    await mountDesk();
    await type("#desk_street", "lenina");
    await press("Enter");
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
    expect(queryAllTexts(".o_desk_notice_text")).toEqual([
        "W-1 · Under way\nNo water until 18:00.",
        "City day\nStreets are closed.",
    ]);
    expect(".o_desk_answer_notice").toHaveCount(1);
    await click(".o_desk_answer_notice");
    await animationFrame();
    expect(".o_desk_number").toHaveText("CC-1");
    expect.verifySteps(["suggest_streets", "nearby", "answer_notice"]);
});

test("the extra questions of a topic go with the request", async () => {
    const questions = [{ name: "pole", type: "integer", string: "Number of the pole" }];
    server.suggest = () => ({ categories: [makeCategory(11, "Lamp is off", { questions })], articles: [] });
    server.register = (values) => {
        expect(values.answers).toEqual({ pole: 17 });
        return RESULT;
    };
    await mountDesk();
    await chooseLamp();
    await contains(".o_desk_questions input").edit("17");
    await click(".o_desk_register");
    await animationFrame();
    expect.verifySteps(["register"]);
});

test("a double click registers once; the result goes away with Enter", async () => {
    const registered = new Deferred();
    server.register = () => registered;
    await mountDesk();
    await type("#desk_words", "lamp");
    await click(".o_desk_register");
    await click(".o_desk_register");
    registered.resolve(RESULT);
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["suggest", "register"]);
    expect(".o_desk_number").toHaveText("CC-1");
    expect(".o_desk_next").toBeFocused();
    await press("Enter");
    await animationFrame();
    expect("#desk_words").toHaveValue("");
    expect("#desk_search").toBeFocused();
});

test("what is missing is said beside its field and nothing typed is lost", async () => {
    server.register = () => ({ errors: { caller: "Who calls?", category: "Choose a topic." } });
    await mountDesk();
    await type("#desk_words", "lamp");
    await click(".o_desk_register");
    await animationFrame();
    expect(queryAllTexts(".o_desk_error")).toEqual(["Who calls?", "Choose a topic."]);
    expect("#desk_words").toHaveValue("lamp");
    expect("#desk_search").toBeFocused();
    expect.verifySteps(["suggest", "register"]);
});

test("what the server refuses is said at the top and nothing typed is lost", async () => {
    server.register = () => {
        throw makeServerError({ type: "UserError", message: "No such place on Earth" });
    };
    await mountDesk();
    await type("#desk_words", "lamp");
    await click(".o_desk_register");
    await animationFrame();
    expect(".alert[role=alert]").toHaveText("No such place on Earth");
    expect("#desk_words").toHaveValue("lamp");
    expect(".o_desk_register").toBeEnabled();
    expect.verifySteps(["suggest", "register"]);
});

test("the draft survives a reload and a new call sets it aside", async () => {
    await mountDesk();
    await type("#desk_words", "lamp");
    await type("#desk_description", "Third from the corner");
    expect.verifySteps(["suggest"]);

    await mountWithCleanup(OperatorDesk, { props: { action: { context: {} } } });
    await animationFrame();
    expect("#desk_description:last").toHaveValue("Third from the corner");
    expect.verifySteps(["get_settings", "suggest"]);

    await mountWithCleanup(OperatorDesk, { props: { action: { context: { call_id: 2, phone: "0671112233" } } } });
    await animationFrame();
    expect("#desk_description:last").toHaveValue("");
    expect.verifySteps(["get_settings", "lookup_caller"]);
    await click(".o_desk_aside:last");
    await animationFrame();
    expect("#desk_description:last").toHaveValue("Third from the corner");
    expect.verifySteps(["suggest"]);
});

test("what was cleared by mistake can be brought back", async () => {
    await mountDesk();
    await type("#desk_description", "Third from the corner");
    await click(".o_desk_clear");
    await animationFrame();
    expect("#desk_description").toHaveValue("");
    await click(".o_desk_undo");
    await animationFrame();
    expect("#desk_description").toHaveValue("Third from the corner");
});

test("a reload after the end of a call doesn't open the call once more", async () => {
    const context = { call_id: 2, phone: "+380671112233" };
    await mountDesk(context);
    await type("#desk_words", "lamp");
    await click(".o_desk_register");
    await animationFrame();
    expect.verifySteps(["suggest", "register"]);
    await mountWithCleanup(OperatorDesk, { props: { action: { context } } });
    await animationFrame();
    expect("#desk_search:last").toHaveValue("");
    expect.verifySteps(["get_settings"]);
});

test("an article is read, taken as the answer and the consultation registered", async () => {
    const article = { id: 31, name: "Opening hours", snippet: "<mark>From</mark> 8 to 17", valid: true, search_id: 41 };
    server.suggest = () => ({ categories: [LAMP], articles: [article] });
    server.read_article = () => [{ label: "Summary", html: "<p>From 8 to 17</p>" }];
    server.answer = (values, articleId) => {
        expect([articleId, values.search_id]).toEqual([31, 41]);
        return { ...RESULT, deadline_text: false, speech: [] };
    };
    await mountDesk();
    await type("#desk_words", "when open");
    expect(".o_desk_article mark").toHaveText("From");
    await click(".o_desk_article button");
    await animationFrame();
    expect(".o_desk_article_body p").toHaveText("From 8 to 17");
    await click(".o_desk_answered");
    await animationFrame();
    expect(".o_desk_number").toHaveText("CC-1");
    expect.verifySteps(["suggest", "read_article", "answer"]);
});

test("an abusive caller is refused with the reason and the words", async () => {
    server.refuse = (values) => {
        expect([values.reason, values.said]).toEqual(["insults", "Shouted"]);
        return { ...RESULT, request_id: false, deadline_text: false };
    };
    await mountDesk();
    await click(".o_desk_refuse");
    await animationFrame();
    expect("#desk_reason").toBeFocused();
    await contains("#desk_reason").select("insults");
    await click("#desk_said");
    await edit("Shouted");
    await click(".o_desk_confirm_refusal");
    await animationFrame();
    expect(".o_desk_result").toHaveCount(1);
    expect.verifySteps(["refuse"]);
});
