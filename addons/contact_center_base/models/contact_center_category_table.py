from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..const import PRIORITIES, REQUEST_CLASSES
from ..tabular import SURPLUS

#: Column of a translated name -> language.
NAME_COLUMNS = {"name_uk": "uk_UA", "name_pl": "pl_PL", "name_en": "en_US"}
#: Column -> field, by the kind of the cell.
TEXT_COLUMNS = {"synonyms": "synonyms", "answer_template": "answer_template"}
CHOICE_COLUMNS = {"class": "request_class", "priority": "priority"}
FLAG_COLUMNS = {
    "place_required": "place_required",
    "photo_required": "photo_required",
    "restricted": "restricted",
    "public": "public",
}
NUMBER_COLUMNS = {"duplicate_distance_m": "duplicate_distance", "duplicate_days": "duplicate_days"}
COLUMNS = (
    "code",
    "parent_code",
    *NAME_COLUMNS,
    "synonyms",
    "class",
    "term_code",
    "priority",
    *FLAG_COLUMNS,
    *NUMBER_COLUMNS,
    "executor",
    "answer_template",
)
REQUIRED_COLUMNS = {"code"}
CHOICES = {"class": dict(REQUEST_CLASSES), "priority": dict(PRIORITIES)}
FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "так", "tak", "+"), True),
    **dict.fromkeys(("0", "false", "no", "ні", "nie", "-"), False),
}


@dataclass
class ImportResult:
    """What became of the rows of a classifier file.

    :param rejected: ``(line, row, reason)`` of each row that wasn't taken over, in the order of the file.
    :param skipped_columns: columns of names in languages that aren't active here.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list = field(default_factory=list)
    skipped_columns: tuple = ()


@dataclass
class _Node:
    """A row on its way into the classifier; ``parent_code`` is None where the file has no such column."""

    line: int
    row: dict
    code: str
    parent_code: str | None
    values: dict
    names: dict


class ContactCenterCategory(models.Model):
    """Takes the classifier in from a table and gives it out (columns: ``COLUMNS``)."""

    _inherit = "contact.center.category"

    # ------------------------------------------------------------
    # Export
    # ------------------------------------------------------------

    @api.model
    def _get_export_rows(self):
        """Yield the cells of every active node of the current city in the order of ``COLUMNS``, parents first."""
        installed = self._get_name_languages()
        template_language = self._get_template_language()
        for category in self.search([("company_id", "=", self.env.company.id)], order="parent_path"):
            cells = {
                "code": category.code,
                "parent_code": category.parent_id.code,
                **{column: category.with_context(lang=language).name for column, language in installed.items()},
                **{column: category[name] for column, name in CHOICE_COLUMNS.items()},
                **{column: int(category[name]) for column, name in (FLAG_COLUMNS | NUMBER_COLUMNS).items()},
                "synonyms": category.synonyms,
                "term_code": category.deadline_rule_id.code,
                "executor": category.owner_id.name,
                "answer_template": category.with_context(lang=template_language).answer_template,
            }
            yield ["" if cells.get(column, False) is False else cells[column] for column in COLUMNS]

    # ------------------------------------------------------------
    # Import
    # ------------------------------------------------------------

    @api.model
    def _import_table(self, table, create_executors=False):
        """Add and change nodes of the current city by their code; rows may come in any order.

        A column that the file doesn't have stays as it is. An empty cell empties a text or a link; of a name, a choice,
        a flag or a number it leaves what was there. Whatever is wrong with one row keeps only that row out, and new
        nodes below it.

        :param table: :class:`~..tabular.Table` with at least ``REQUIRED_COLUMNS``.
        :param bool create_executors: whether to add organisations that are not known yet; otherwise their rows are
            rejected.
        :return: :class:`ImportResult`.
        :raises AccessError: when the user doesn't keep the classifier.
        :raises TableError: when the file breaks off.
        """
        self.check_access("create")
        self.check_access("write")
        result = ImportResult(
            skipped_columns=tuple(
                column for column in NAME_COLUMNS if column in table.header and column not in self._get_name_languages()
            )
        )
        existing = {
            category.code: category
            for category in self.with_context(active_test=False).search([("company_id", "=", self.env.company.id)])
        }
        nodes = self._parse_rows(table, existing, create_executors, result)
        self._reject_misplaced(nodes, existing, result)
        self._save_nodes(nodes, existing, result)
        result.rejected.sort(key=lambda rejected: rejected[0])
        return result

    @api.model
    def _get_name_languages(self):
        """Return ``{column: language}`` of the languages that are active."""
        active = {code for code, _name in self.env["res.lang"].get_installed()} | {"en_US"}
        return {column: language for column, language in NAME_COLUMNS.items() if language in active}

    @api.model
    def _get_template_language(self):
        """Return the language in which the city's answers are written."""
        return self.env.company.partner_id.lang or self.env.lang or "en_US"

    # Reading rows

    @api.model
    def _parse_rows(self, table, existing, create_executors, result):
        """Return ``{code: _Node}`` of the rows that make sense by themselves; the others are rejected."""
        links = {"term_code": self._get_term_ids(), "executor": self._get_executor_ids()}
        nodes = {}
        for line, row in table.rows:
            try:
                node = self._parse_row(line, row, links, create_executors)
                if node.code in nodes:
                    raise ValidationError(self.env._("Line %s has the same code.", nodes[node.code].line))
                if node.code not in existing and not node.names:
                    raise ValidationError(self.env._("A new node needs a name."))
            except ValidationError as error:
                result.rejected.append((line, row, str(error)))
            else:
                nodes[node.code] = node
        return nodes

    @api.model
    def _get_term_ids(self):
        """Return ``{code: ids}`` of the terms of the current city."""
        rules = self.env["contact.center.deadline.rule"].search([("company_id", "=", self.env.company.id)])
        return {rule.code: rule.ids for rule in rules}

    @api.model
    def _get_executor_ids(self):
        """Return ``{name: ids}`` of the organisations that the current city may name as executors."""
        domain = [("is_company", "=", True), ("company_id", "in", [False, self.env.company.id])]
        groups = self.env["res.partner"]._read_group(domain, ["name"], ["id:array_agg"])
        return dict(groups)

    @api.model
    def _parse_row(self, line, row, links, create_executors):
        """Return the :class:`_Node` of one row.

        :raises ValidationError: with the reason why the row can't be taken over.
        """
        if SURPLUS in row:
            raise ValidationError(self.env._("The cells don't fit the header, or a quotation mark isn't closed."))
        code = row["code"]
        if not code:
            raise ValidationError(self.env._("The code is missing."))
        values = {name: row[column] or False for column, name in TEXT_COLUMNS.items() if column in row}
        for columns, parse in (
            (CHOICE_COLUMNS, self._parse_choice),
            (FLAG_COLUMNS, self._parse_flag),
            (NUMBER_COLUMNS, self._parse_number),
        ):
            values.update({name: parse(column, row[column]) for column, name in columns.items() if row.get(column)})
        if "term_code" in row:
            values["deadline_rule_id"] = self._parse_link("term_code", row["term_code"], links)
        if "executor" in row:
            name = row["executor"]
            if create_executors and name and name not in links["executor"]:
                links["executor"][name] = (
                    self.env["res.partner"]
                    .create({"name": name, "is_company": True, "company_id": self.env.company.id})
                    .ids
                )
            values["owner_id"] = self._parse_link("executor", name, links)
        names = {column: row[column] for column in NAME_COLUMNS if row.get(column)}
        return _Node(line, row, code, row.get("parent_code"), values, names)

    @api.model
    def _parse_choice(self, column, cell):
        if cell not in CHOICES[column]:
            raise ValidationError(
                self.env._(
                    "“%(cell)s” in the column %(column)s is none of: %(choices)s.",
                    cell=cell,
                    column=column,
                    choices=", ".join(CHOICES[column]),
                )
            )
        return cell

    @api.model
    def _parse_flag(self, column, cell):
        flag = FLAGS.get(cell.casefold())
        if flag is None:
            raise ValidationError(
                self.env._("“%(cell)s” in the column %(column)s is neither 1 nor 0.", cell=cell, column=column)
            )
        return flag

    @api.model
    def _parse_number(self, column, cell):
        # Nine digits fit the database.
        if not (cell.isascii() and cell.isdigit() and len(cell) <= 9):
            raise ValidationError(
                self.env._("“%(cell)s” in the column %(column)s is no whole number from 0.", cell=cell, column=column)
            )
        return int(cell)

    @api.model
    def _parse_link(self, column, cell, links):
        """Return the id of the record that a cell names, False for an empty cell."""
        if not cell:
            return False
        found = links[column].get(cell, [])
        params = {"cell": cell, "column": column}
        if not found:
            raise ValidationError(self.env._("“%(cell)s” in the column %(column)s isn't known here.", **params))
        if len(found) > 1:
            raise ValidationError(self.env._("“%(cell)s” in the column %(column)s is the name of several.", **params))
        return found[0]

    # Placing nodes in the tree

    @api.model
    def _reject_misplaced(self, nodes, existing, result):
        """Take the nodes out that would hang on nothing or stand below themselves.

        A rejected node can leave others without a parent, so it's repeated until all that is left holds.
        """
        while misplaced := self._find_misplaced(nodes, existing):
            for code, reason in misplaced.items():
                node = nodes.pop(code)
                result.rejected.append((node.line, node.row, reason))

    @api.model
    def _find_misplaced(self, nodes, existing):
        """Return ``{code: reason}`` of the nodes that have no place in the tree as it would be."""
        parents = {code: category.parent_id.code for code, category in existing.items()}
        parents.update({code: node.parent_code for code, node in nodes.items() if node.parent_code is not None})
        misplaced = {}
        for code, node in nodes.items():
            if node.parent_code and node.parent_code not in existing and node.parent_code not in nodes:
                misplaced[code] = self.env._("The parent node “%s” doesn't exist.", node.parent_code)
            elif self._stands_below_itself(code, parents):
                misplaced[code] = self.env._("A node can't stand below itself.")
        return misplaced

    @api.model
    def _stands_below_itself(self, code, parents):
        seen = set()
        above = parents.get(code)
        while above and above not in seen:
            if above == code:
                return True
            seen.add(above)
            above = parents.get(above)
        return False

    # Saving

    @api.model
    def _save_nodes(self, nodes, existing, result):
        """Save the nodes level by level, so that each finds its parent."""
        saved = dict(existing)
        waiting = dict(nodes)
        while waiting:
            level = [node for node in waiting.values() if node.parent_code not in waiting]
            for node in level:
                del waiting[node.code]
            # A parent that the database refused can't hold its children.
            placed = [node for node in level if not node.parent_code or node.parent_code in saved]
            for node in level:
                if node not in placed:
                    reason = self.env._("The parent node “%s” doesn't exist.", node.parent_code)
                    result.rejected.append((node.line, node.row, reason))
            self._create_nodes([node for node in placed if node.code not in existing], saved, result)
            for node in placed:
                if node.code in existing:
                    self._update_node(node, saved, result)

    @api.model
    def _create_nodes(self, nodes, saved, result):
        """Create many nodes at once, or each by itself when the database refuses one of them."""
        try:
            with self.env.cr.savepoint():
                categories = self.create([self._prepare_node_values(node, saved) for node in nodes])
                for node, category in zip(nodes, categories, strict=True):
                    category._write_names(node.names)
        except UserError as error:
            if len(nodes) == 1:
                result.rejected.append((nodes[0].line, nodes[0].row, str(error)))
                return
            for node in nodes:
                self._create_nodes([node], saved, result)
            return
        saved.update({category.code: category for category in categories})
        result.created += len(categories)

    @api.model
    def _prepare_node_values(self, node, saved):
        return {
            **node.values,
            "code": node.code,
            "company_id": self.env.company.id,
            "name": node.names.get("name_en") or next(iter(node.names.values())),
            "parent_id": saved[node.parent_code].id if node.parent_code else False,
        }

    @api.model
    def _update_node(self, node, saved, result):
        """Write what differs, and nothing when nothing does."""
        category = saved[node.code].with_context(lang=self._get_template_language())
        values = dict(node.values)
        if node.parent_code is not None:
            values["parent_id"] = saved[node.parent_code].id if node.parent_code else False
        changed = {name: value for name, value in values.items() if category._differs(name, value)}
        try:
            with self.env.cr.savepoint():
                if changed:
                    category.write(changed)
                renamed = category._write_names(node.names)
        except UserError as error:
            result.rejected.append((node.line, node.row, str(error)))
            return
        if changed or renamed:
            result.updated += 1
        else:
            result.unchanged += 1

    def _differs(self, name, value):
        """Tell whether a field of this one node has another value than a cell; spaces around a text don't count."""
        present = self[name]
        if isinstance(present, models.BaseModel):
            present = present.id
        elif isinstance(present, str):
            present = present.strip()
        return (present or False) != (value or False)

    def _write_names(self, names):
        """Give this one node its names, ``{column: name}``, and tell whether any was new."""
        changed = {
            language: names[column]
            for column, language in self._get_name_languages().items()
            if column in names and names[column] != self.with_context(lang=language).name
        }
        if changed:
            self.update_field_translations("name", changed)
            self.env.registry.clear_cache()
        return bool(changed)
