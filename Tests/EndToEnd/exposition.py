"""What /metrics says, read by Prometheus' own parser."""

from prometheus_client.parser import text_string_to_metric_families

PREFIX = "content_processor_"


class Exposition:
    def __init__(self, service):
        answer = service.get("/metrics", key=None)
        assert answer.status == 200, answer.body
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        self.text = answer.body.decode()
        families = list(text_string_to_metric_families(self.text))
        # The parser cuts "_total" off the names of counters.
        self.types = {family.name + "_total" * (family.type == "counter"): family.type for family in families}
        assert len(self.types) == len(families), "a metric comes twice"
        assert all(family.documentation for family in families)
        samples = [sample for family in families for sample in family.samples]
        self.samples = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
        assert len(self.samples) == len(samples), "a series comes twice"

    def value(self, name, **labels):
        """Of the series with just these labels; the name without the service's prefix."""
        return self.samples[PREFIX + name, frozenset(labels.items())]

    def sum(self, name, **labels):
        """Of all series with at least these labels."""
        wanted = set(labels.items())
        return sum(value for (own, has), value in self.samples.items() if own == PREFIX + name and wanted <= has)

    @property
    def names(self):
        """Of all samples, as queries name them."""
        return {name for name, _ in self.samples}

    @property
    def counters(self):
        return {key: value for key, value in self.samples.items() if key[0].endswith(("_total", "_bucket", "_count"))}
