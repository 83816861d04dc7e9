import { registry } from "@web/core/registry";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** Chooses a photo as the phone's camera or gallery does. */
export function choosePhoto(input) {
    const bytes = Uint8Array.from(atob(PIXEL), (sign) => sign.charCodeAt(0));
    const chosen = new DataTransfer();
    chosen.items.add(new File([bytes], "lamp.png", { type: "image/png" }));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

// From the card to the proposal in five taps: accept, photo, result, how the applicant was informed, propose.
registry.category("web_tour.tours").add("contact_center_executor_five_taps", {
    steps: () => [
        { trigger: ".o_cc_next button:contains('Accept')", run: "click", expectUnloadPage: true },
        { trigger: ".o_cc_next label[for=photos]" },
        {
            trigger: ".o_cc_uploads:has(#photos.visually-hidden)",
            run() {
                choosePhoto(this.anchor.querySelector("#photos"));
            },
        },
        { trigger: ".o_cc_pictures img[alt*='lamp.png']" },
        { trigger: ".o_cc_next a[href='#result']", run: "click" },
        { trigger: "label[for=informed_phone]", run: "click" },
        { trigger: ".o_cc_propose button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: "[data-live=head] .o_cc_state_proposed" },
    ],
});
