"""An admin in front of a live osTicket's control panel."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.live.osticket.agent import Staff
from tests.live.osticket.web import Form, PageError, words

PLUGIN = "Support Policy"
INSTALL_PATH = "plugins/support_policy"


class Admin(Staff):
    """What an admin sets, all through the pages."""

    # The plugin

    def install(self) -> None:
        """Install the plugin, whose folder is where osTicket looks for plugins."""
        page = self.get("scp/plugins.php?a=add")
        if not page.css_first(f"button[value='{INSTALL_PATH}']"):
            raise PageError(f"{INSTALL_PATH} is not offered: {words(page.body)[:500]}")
        form = Form(self.address("scp/plugins.php?"), [("do", "install")], {}, {})
        form.put("install_path", INSTALL_PATH)
        self.save(form)
        if self.plugin() is None:
            raise PageError("the plugin is not in the list after its installation")

    def plugin(self) -> int | None:
        """The plugin's id, when it is installed."""
        for link in self.get("scp/plugins.php").css("form[name=forms] a[href*='plugins.php?id=']"):
            if words(link).startswith(PLUGIN):
                return int((link.attributes["href"] or "").rpartition("=")[2])
        return None

    def plugin_is_enabled(self) -> bool:
        """Whether the list of plugins says so."""
        rows = self.get("scp/plugins.php").css("form[name=forms] tbody tr")
        return any(PLUGIN in words(row) and "Enabled" in words(row) for row in rows)

    def mass(self, page: str, action: str, *ids: int) -> LexborHTMLParser:
        """What the buttons over a list do with the chosen rows."""
        self.get(f"scp/{page}")
        values = [("do", "mass_process"), ("a", action), *(("ids[]", str(each)) for each in ids)]
        return self.save(Form(self.address(f"scp/{page}"), values, {}, {}))

    def enable(self) -> None:
        """Enable the plugin."""
        self.mass("plugins.php", "enable", self._installed())

    def disable(self) -> None:
        """Disable the plugin."""
        self.mass("plugins.php", "disable", self._installed())

    def uninstall(self) -> None:
        """Delete the plugin from the list."""
        self.mass("plugins.php", "delete", self._installed())

    def _installed(self) -> int:
        plugin = self.plugin()
        if plugin is None:
            raise PageError("the plugin is not installed")
        return plugin

    def instance(self) -> Form:
        """The form of the plugin's only instance, a new one when there is none."""
        plugin = self._installed()
        page = self.get(f"scp/plugins.php?id={plugin}")
        link = page.css_first("a[href*='xid=']")
        found = re.search(r"xid=(\d+)", link.attributes["href"] or "") if link else None
        path = f"scp/plugins.php?id={plugin}" + (f"&xid={found[1]}" if found else "&a=add-instance")
        form = self.form(path, "#content form.save")
        form.url = self.address(path)
        return form

    def refused(self, form: Form) -> str:
        """What the page says when it does not take the plugin's form."""
        page = self.page(self.send(form))
        return " ".join(words(each) for each in page.css("#msg_error, .error-banner, .error"))

    def send_by_filter(self, name: str, subject: str) -> None:
        """Make a ticket filter that sends what has these words in its subject."""
        page = self.get("scp/filters.php?a=add")
        form = self.read_form(page, "scp/filters.php?a=add", "#content form")
        form.put("name", name)
        form.put("execorder", "1")
        form.put("isactive", "1")
        form.pick("target", "Any")
        # The page makes a rule's controls of a template.
        fields = page.css("select[data-name=rulew] option")
        [field] = [each for each in fields if "Issue Summary" in words(each)]
        form.put("rules[1][w]", field.attributes["value"] or "")
        form.put("rules[1][h]", "contains")
        form.put("rules[1][v]", subject)
        form.pick("new-action", "Send to Support Policy")
        form.put("actions[]", f"N{form['new-action']}")
        self.save(form)

    def delete_filters(self) -> None:
        """Delete all ticket filters whose names begin like ours."""
        found = [it for name, it in self._list("filters.php").items() if name.startswith(PLUGIN)]
        if found:
            self.mass("filters.php", "delete", *found)

    # osTicket's own settings

    def log(self, *, pages: int = 3) -> list[str]:
        """The warnings in the system log, newest first: each with its title and text."""
        found = []
        for number in range(1, pages + 1):
            page = self.get(f"scp/logs.php?type=Warning&sort=date&order=DESC&p={number}")
            for row in page.css("tbody tr"):
                if link := row.css_first("a.tip"):
                    line = (link.attributes["href"] or "").rpartition("/")[2]
                    text = words(self.get(f"scp/ajax.php/content/log/{line}").body)
                    found.append(f"{words(row)} {text}")
        return found

    def system(self, **values: str) -> None:
        """Change the page of system settings."""
        form = self.form("scp/settings.php?t=system", "#content form.save, #content form")
        for name, value in values.items():
            if name in form.options:
                form.pick(name, value)
            else:
                form.put(name, value)
        self.save(form)

    def default_schedule(self) -> str:
        """The schedule of the page of system settings, by its name."""
        form = self.form("scp/settings.php?t=system", "#content form.save, #content form")
        options = form.options["schedule_id"]
        return next(text for text, value in options.items() if value == form["schedule_id"])

    def plans(self) -> dict[str, int]:
        """The SLA plans by their names."""
        return self._list("slas.php")

    def know_tags(self, *tags: str) -> None:
        """Add tags to those that agents can choose from."""
        form = self.dialog(f"form/field-config/{self.field('Policy tags')}")
        name = next(name for name, value in form.values if "policy_low:" in value)
        form.put(name, "\n".join([form[name].rstrip(), *(f"{tag}:{tag}" for tag in tags)]))
        self.confirm(form)

    def field(self, label: str) -> int:
        """The number of a field on Ticket Details."""
        links = self.get("scp/forms.php").css("a[href*='?id=']")
        [details] = [it.attributes["href"] for it in links if words(it) == "Ticket Details"]
        for each in self.get(f"scp/forms.php{details}").css("input[name^=label-]"):
            if each.attributes["value"] == label:
                return int((each.attributes["name"] or "").removeprefix("label-"))
        raise PageError(f"Ticket Details has no field {label!r}")

    def ticket_settings(self, **values: str) -> dict[str, str]:
        """Change the page of ticket settings by what stands in its lists; what was there before."""
        form = self.form("scp/settings.php?t=tickets", "#content form")
        before = {}
        form.put("max_open_tickets", form["max_open_tickets"] or "0")  # the page asks for a number
        for name, value in values.items():
            options = form.options[name]
            before[name] = next(text for text, key in options.items() if key == form[name])
            form.pick(name, value)
        self.save(form)
        return before

    def departments(self) -> dict[str, int]:
        """The departments by their names."""
        return self._list("departments.php")

    def add_department(self, name: str) -> int:
        """Make a department."""
        form = self.form("scp/departments.php?a=add", "#content form.save, #content form")
        form.put("name", name)
        self.save(form)
        return self.departments()[name]

    def delete_plan(self, plan: int) -> None:
        """Delete an SLA plan."""
        self.mass("slas.php", "delete", plan)

    def delete_department(self, department: int) -> None:
        """Delete a department."""
        self.mass("departments.php", "delete", department)

    def plan_rows(self) -> list[str]:
        """The names of all SLA plans, those that are there twice as well."""
        return sorted(
            words(each) for each in self.get("scp/slas.php").css("a[href*='slas.php?id=']")
        )

    def canned(self) -> list[str]:
        """The titles of the canned responses."""
        return sorted(words(each) for each in self._canned())

    def canned_pages(self) -> list[str]:
        """The addresses of the canned responses."""
        return [f"scp/{each.attributes['href']}" for each in self._canned()]

    def _canned(self) -> Sequence[LexborNode]:
        links = self.get("scp/canned.php").css("a[href*='canned.php?id=']")
        return [each for each in links if words(each)]

    def _list(self, page: str) -> dict[str, int]:
        found = {}
        for link in self.get(f"scp/{page}").css(f"table.list a[href^='{page}?id=']"):
            match = re.search(r"id=(\d+)", link.attributes["href"] or "")
            if match:
                found[words(link)] = int(match[1])
        return found
