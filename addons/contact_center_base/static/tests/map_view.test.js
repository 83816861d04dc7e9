import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Place extends models.Model {
    _name = "place";

    name = fields.Char();
    latitude = fields.Float();
    longitude = fields.Float();
    state = fields.Selection({
        selection: [
            ["new", "New"],
            ["done", "Done"],
        ],
    });

    _records = [
        { id: 1, name: "North", latitude: 50, longitude: 30, state: "new" },
        { id: 2, name: "South", latitude: 40, longitude: 30, state: "done" },
        { id: 3, name: "Nowhere", latitude: 0, longitude: 0, state: "new" },
    ];

    _views = {
        search: `<search/>`,
        leaflet_map: `
            <leaflet_map latitude="latitude" longitude="longitude" title="name" colour="state">
                <marker value="new" class="text-bg-info"/>
                <marker value="done" class="text-bg-success"/>
                <field name="state"/>
            </leaflet_map>`,
        "leaflet_map,1": `<leaflet_map latitude="latitude" longitude="longitude" limit="1"/>`,
    };
}

defineMailModels();
defineModels([Place]);

const MARKERS = ".leaflet-marker-icon .o_cc_marker";

test("records with coordinates are on the map, the others are counted", async () => {
    await mountView({ type: "leaflet_map", resModel: "place" });
    expect(MARKERS).toHaveCount(2);
    expect(`${MARKERS}.text-bg-info`).toHaveCount(1);
    expect(queryAllTexts(".o_map_notes > span")).toEqual(["New\n1", "Done\n1", "Without a point on the map: 1"]);
    expect(".leaflet-tile").toHaveCount(0);
});

test("the domain of the search holds on the map", async () => {
    await mountView({ type: "leaflet_map", resModel: "place", domain: [["state", "=", "done"]] });
    expect(MARKERS).toHaveCount(1);
    expect(".o_map_unplaced").toHaveCount(0);
});

test("too many records are cut off with a notice", async () => {
    await mountView({ type: "leaflet_map", resModel: "place", viewId: 1 });
    expect(MARKERS).toHaveCount(1);
    expect(".o_map_left_out").toHaveText("Only the latest 1 are shown, 1 more are not: filter them.");
});

test("a marker tells about its record and opens it", async () => {
    await mountView({
        type: "leaflet_map",
        resModel: "place",
        selectRecord: (resId, { activeIds }) => expect.step([resId, activeIds]),
    });
    await click(queryOne(".leaflet-marker-icon[title='North – New']"));
    await animationFrame();
    expect(".o_map_popup").toHaveText("North\nState\nNew\nShow details");
    await click(".o_map_popup button");
    expect.verifySteps([[1, [1, 2]]]);
});

test("a map without records says so", async () => {
    await mountView({
        type: "leaflet_map",
        resModel: "place",
        domain: [["id", "=", 0]],
        noContentHelp: "Nothing here",
    });
    expect(".o_view_nocontent").toHaveText("Nothing here");
});
