import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { debounce } from "@web/core/utils/timing";
import { createMap, createMarker, loadLeaflet } from "@contact_center_base/map_view/leaflet";
import { Interaction } from "@web/public/interaction";
import { shrink } from "./photos";
import { solve } from "./proof_of_work";

const TYPING_PAUSE_MS = 400;
const CLOSE_ZOOM = 17;
const CITY_ZOOM = 12;
const LOCATE_OPTIONS = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };
/** Seven decimal places are a centimetre. */
const DIGITS = 7;

/** Lets residents fill in the whole report at once: what follows from the other fields comes by itself. */
export class Intake extends Interaction {
    static selector = ".o_cc_intake";

    dynamicContent = {
        _root: { "t-on-change": this.onChange, "t-on-submit": this.onSubmit },
        // Whoever goes back to the page may send again.
        _window: { "t-on-pageshow": () => (this.sent = false) },
        "#intake_description, #intake_street": { "t-on-input": debounce(() => this.look(), TYPING_PAUSE_MS) },
        "#intake_photos": { "t-on-change": this.onPhotos },
        ".o_cc_locate": { "t-on-click": this.locate, "t-att-class": () => ({ "d-none": !navigator.geolocation }) },
        ".o_cc_locate_problem": { "t-att-class": () => ({ "d-none": !this.cannotLocate }) },
        ".o_cc_intake_map": { "t-att-class": () => ({ "d-none": false }) },
        ".o_cc_next": { "t-att-class": () => ({ "d-none": true }) },
        ".o_cc_rest": { "t-att-class": () => ({ "d-none": false }) },
        "button[value=code]": { "t-on-click.prevent": () => this.look("code") },
    };

    setup() {
        this.cannotLocate = false;
        this.sent = false;
    }

    async start() {
        const { puzzle, bits } = this.el.dataset;
        solve(puzzle, Number(bits)).then((proof) => (this.el.elements.proof.value = proof));
        document.querySelector("[role=alert][tabindex]")?.focus();
        await this.waitFor(loadLeaflet());
        this.createMap();
    }

    // What follows from the other fields

    async look(step = "look") {
        const form = new FormData(this.el);
        form.delete("photos");
        form.set("step", step);
        form.set("parts", "1");
        const asked = (this.asked = Symbol());
        const answer = await this.waitFor(fetch(this.el.action, { method: "POST", body: form }));
        const html = answer.ok ? await this.waitFor(answer.text()) : "";
        // A later question was asked meanwhile.
        if (asked === this.asked) {
            this.protectSyncAfterAsync(() => this.replaceParts(html))();
        }
    }

    replaceParts(html) {
        const found = new DOMParser().parseFromString(html, "text/html");
        for (const part of found.querySelectorAll("[id^=part_]")) {
            const present = this.el.querySelector(`#${part.id}`);
            if (present && present.innerHTML !== part.innerHTML) {
                this.replacePart(present, part);
            }
        }
        this.updateContent();
    }

    replacePart(present, part) {
        const focused = present.contains(document.activeElement) ? document.activeElement.id : "";
        present.innerHTML = part.innerHTML;
        if (focused) {
            document.getElementById(focused)?.focus();
        }
        // The chosen street comes into view; the point stays for the resident to mark.
        if (part.dataset.view) {
            this.map?.setView(JSON.parse(part.dataset.view), CLOSE_ZOOM);
        }
    }

    onChange(ev) {
        if (["category_id", "street_id", "street", "house", "latitude", "longitude"].includes(ev.target.name)) {
            this.look();
        }
    }

    /** A second tap while the first is under way sends nothing. */
    onSubmit(ev) {
        if (this.sent) {
            ev.preventDefault();
        }
        this.sent = true;
    }

    // The place

    createMap() {
        const el = this.el.querySelector(".o_cc_intake_map");
        this.map = createMap(el);
        this.registerCleanup(() => this.map.remove());
        this.map.on("click", ({ latlng }) => this.choosePoint(latlng.lat, latlng.lng));
        const { latitude, longitude } = this.el.elements;
        if (latitude.value && longitude.value) {
            this.showPoint([Number(latitude.value), Number(longitude.value)]);
        } else {
            const centre = JSON.parse(el.dataset.centre);
            this.map.setView(centre || [0, 0], centre ? CITY_ZOOM : 1);
        }
    }

    locate() {
        navigator.geolocation.getCurrentPosition(
            this.protectSyncAfterAsync(({ coords }) => this.choosePoint(coords.latitude, coords.longitude)),
            this.protectSyncAfterAsync(() => {
                this.cannotLocate = true;
                this.updateContent();
            }),
            LOCATE_OPTIONS
        );
    }

    choosePoint(latitude, longitude) {
        this.cannotLocate = false;
        this.el.elements.latitude.value = latitude.toFixed(DIGITS);
        this.el.elements.longitude.value = longitude.toFixed(DIGITS);
        this.showPoint([latitude, longitude]);
        this.look();
    }

    showPoint(point) {
        if (!this.map) {
            return;
        }
        this.marker?.remove();
        this.marker = createMarker(point, { title: _t("The place of the problem").toString() }).addTo(this.map);
        this.map.setView(point, Math.max(this.map.getZoom() || 0, CLOSE_ZOOM));
    }

    // Photos

    async onPhotos(ev) {
        const input = ev.target;
        const files = await this.waitFor(Promise.all([...input.files].map(shrink)));
        const transfer = new DataTransfer();
        files.forEach((file) => transfer.items.add(file));
        input.files = transfer.files;
        const previews = this.el.querySelector(".o_cc_previews");
        previews.replaceChildren(...files.filter(({ type }) => type.startsWith("image/")).map(createPreview));
    }
}

function createPreview(file) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    image.className = "rounded border";
    image.onload = () => URL.revokeObjectURL(image.src);
    return image;
}

registry.category("public.interactions").add("contact_center_base.intake", Intake);
