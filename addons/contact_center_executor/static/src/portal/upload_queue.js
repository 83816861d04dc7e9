import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { renderToElement } from "@web/core/utils/render";
import { Interaction } from "@web/public/interaction";
import { UploadStore } from "./upload_store";

/** After so many milliseconds a file that couldn't be sent is tried again; each time twice as late. */
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;

/**
 * Sends photos one after the other, shows how far each is, and goes on by itself when the network is back.
 */
export class UploadQueue extends Interaction {
    static selector = ".o_cc_uploads";
    dynamicContent = {
        "#photos": { "t-on-change": this.onChosen, "t-att-class": () => ({ "visually-hidden": true }) },
        ".o_cc_uploads_send": { "t-att-class": () => ({ "d-none": true }) },
        ".o_cc_queue_retry": { "t-on-click.prevent": this.onRetry },
        ".o_cc_queue_drop": { "t-on-click.prevent": this.onDrop },
        _window: { "t-on-online": this.onRetry },
    };

    setup() {
        // Whoever uses the same phone next must not send files of the one before.
        this.store = new UploadStore(`${user.userId}:${this.el.action}`);
        this.items = [];
        this.delay = FIRST_RETRY;
        this.listEl = this.el.querySelector(".o_cc_queue");
    }

    async willStart() {
        this.items = (await this.store.read()).map(({ id, file }) => ({ id, file, state: "waiting", done: 0 }));
    }

    start() {
        this.show();
        this.send();
        const propose = document.querySelector(".o_cc_propose");
        if (propose) {
            this.addListener(propose, "submit", (ev) => this.onPropose(ev));
        }
    }

    // The queue

    async onChosen({ currentTarget }) {
        const items = [...currentTarget.files].map((file) => ({
            id: `${Date.now()}-${Math.random()}`,
            file,
            state: "waiting",
            done: 0,
        }));
        currentTarget.value = "";
        this.items.push(...items);
        this.show();
        for (const item of items) {
            await this.store.add(item);
        }
        return this.send();
    }

    onRetry() {
        this.delay = FIRST_RETRY;
        return this.send();
    }

    onDrop({ currentTarget }) {
        return this.drop(this.items.find((item) => item.id === currentTarget.dataset.id));
    }

    async drop(item) {
        this.items = this.items.filter((other) => other !== item);
        this.show();
        await this.store.remove(item.id);
    }

    /** A proposal without the photos that are still on their way would be judged without them. */
    onPropose(ev) {
        if (this.items.some((item) => item.state !== "refused")) {
            ev.preventDefault();
            ev.stopPropagation();
            this.note = _t("Photos are still on their way. Propose closing when they have been sent.");
            this.show();
            this.listEl.scrollIntoView({ block: "center" });
        }
    }

    async send() {
        if (this.sending) {
            return;
        }
        browser.clearTimeout(this.timer);
        this.sending = true;
        let item;
        while ((item = this.items.find(({ state }) => state === "waiting" || state === "failed"))) {
            item.state = "sending";
            this.show();
            const answer = browser.navigator.onLine ? await this.post(item) : { sent: false };
            if (answer.sent) {
                this.note = null;
                this.delay = FIRST_RETRY;
                await this.drop(item);
                this.el.dispatchEvent(new CustomEvent("assignment-changed", { bubbles: true }));
            } else if (answer.problem) {
                Object.assign(item, { state: "refused", problem: answer.problem });
                await this.store.remove(item.id);
            } else {
                item.state = "failed";
                this.timer = this.waitForTimeout(() => this.send(), this.delay);
                this.delay = Math.min(this.delay * 2, LAST_RETRY);
                break;
            }
        }
        this.sending = false;
        this.show();
    }

    /** @returns {Promise<{sent: boolean, problem?: string}>} neither sent nor a problem: it couldn't be reached */
    post(item) {
        const data = new FormData();
        data.append("csrf_token", this.el.querySelector("[name=csrf_token]").value);
        data.append("files", item.file, item.file.name);
        const request = new XMLHttpRequest();
        request.open("POST", this.el.action);
        request.setRequestHeader("Accept", "application/json");
        request.responseType = "json";
        request.upload.addEventListener("progress", (ev) => {
            item.done = ev.lengthComputable ? Math.round((100 * ev.loaded) / ev.total) : 0;
            const bar = this.listEl.querySelector(`progress[data-id="${CSS.escape(item.id)}"]`);
            if (bar) {
                bar.value = item.done;
            }
        });
        return new Promise((resolve) => {
            request.addEventListener("loadend", () => {
                const { status, response } = request;
                let problem = response?.problem;
                if (status === 413) {
                    problem = _t("The file is too large: 20 MB at most.");
                } else if ([400, 403, 404].includes(status) || (status === 200 && !response)) {
                    // Another account or none: the form of this page is worth nothing any more.
                    problem = _t("The page has become old: reload it and choose the file again.");
                }
                resolve({ sent: status === 200 && !problem, problem });
            });
            request.send(data);
        });
    }

    // What is shown

    show() {
        const content = renderToElement("contact_center_executor.UploadQueue", {
            items: this.items,
            note: this.note,
            offline: this.items.some(({ state }) => state === "failed"),
        });
        this.listEl.replaceChildren(...content.childNodes);
        this.updateContent();
    }
}

registry.category("public.interactions").add("contact_center_executor.upload_queue", UploadQueue);
