import { Domain } from "@web/core/domain";
import { groupBy } from "@web/core/utils/arrays";
import { KeepLast } from "@web/core/utils/concurrency";
import { Model } from "@web/model/model";

export class MapModel extends Model {
    setup({ resModel, fields, archInfo }) {
        this.resModel = resModel;
        this.fields = fields;
        this.archInfo = archInfo;
        this.keepLast = new KeepLast();
        this.records = [];
        this.placedCount = 0;
        this.totalCount = 0;
    }

    /**
     * Reads the records of a domain that have coordinates, and counts all of them.
     */
    async load({ domain, context }) {
        const { latitudeField, longitudeField, limit } = this.archInfo;
        const placed = Domain.and([domain, ["|", [latitudeField, "!=", 0], [longitudeField, "!=", 0]]]);
        const [{ records, length }, totalCount] = await this.keepLast.add(
            Promise.all([
                this.orm.webSearchRead(this.resModel, placed.toList(context), {
                    specification: this.getSpecification(),
                    limit,
                    context,
                }),
                this.orm.searchCount(this.resModel, domain, { context }),
            ])
        );
        Object.assign(this, { records, placedCount: length, totalCount });
        this.notify();
    }

    getSpecification() {
        const { latitudeField, longitudeField, titleField, colourField, popupFields } = this.archInfo;
        const names = [latitudeField, longitudeField, titleField, colourField, ...popupFields.map(({ name }) => name)];
        return Object.fromEntries(
            names
                .filter(Boolean)
                .map((name) => [name, this.fields[name]?.type === "many2one" ? { fields: { display_name: {} } } : {}])
        );
    }

    /** How many records the map can't show because they have no place. */
    get unplacedCount() {
        return this.totalCount - this.placedCount;
    }

    /** How many records with a place are left out because there are too many. */
    get leftOutCount() {
        return this.placedCount - this.records.length;
    }

    /** The entries of the legend: the kinds of markers with the number of records that have them. */
    get legend() {
        const byValue = groupBy(this.records, this.archInfo.colourField);
        return this.archInfo.markers
            .map((marker) => ({ ...marker, count: byValue[marker.value]?.length || 0 }))
            .filter(({ count }) => count);
    }
}
