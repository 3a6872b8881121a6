# Python runs this file at its start. It mends what moto 5.2.1 does wrong and a stack runs into.
import array
import collections
import copy
import json
import re
from datetime import datetime, timezone


def mend_s3():
    from moto.s3 import models, responses

    # In a bucket whose versioning is suspended, which is how a bucket ends, moto fails on the markers that stand for
    # deleted objects.
    if not hasattr(models.FakeDeleteMarker, "dispose"):
        models.FakeDeleteMarker.dispose = lambda self: None

    # It takes a bucket's EventBridge configuration, and leaves it out when it is asked for it.
    get = responses.S3Response.get_bucket_notification

    def get_bucket_notification(self):
        serialize = self.serialized
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)

        def serialized(result):
            if configuration and configuration.event_bridge is not None:
                result.result["EventBridgeConfiguration"] = {}
            return serialize(result)

        self.serialized = serialized
        try:
            return get(self)
        finally:
            del self.serialized

    responses.S3Response.get_bucket_notification = get_bucket_notification


def mend_events():
    from moto.events import models

    # What the gateway delivers to.
    delivered = {"states", "sns", "sqs"}
    send = models.Rule.send_to_targets

    # The gateway matches events with rules and delivers them. Left to moto are the targets that it alone knows, such as
    # log groups and archives. It asks neither whether a rule is enabled nor whether it is one for events, sends events
    # of Amazon S3 to all buses, and fails for all targets where it does not know one.
    def send_to_targets(self, original_event, transform_input=True):
        if self.state == "DISABLED" or not self.event_pattern.get_pattern():
            return
        if original_event["source"] == "aws.s3" and self.event_bus_name != "default":
            return
        for target in self.targets:
            if target["Arn"].split(":")[2] in delivered:
                continue
            alone = copy.copy(self)
            alone.targets = [target]
            try:
                send(alone, copy.deepcopy(original_event), transform_input)
            except Exception as e:
                print(f"moto: rule {self.name}: target {target['Arn']}: {e!r}", flush=True)

    models.Rule.send_to_targets = send_to_targets


def mend_scheduler():
    from moto.scheduler import exceptions, models, responses

    backend = models.EventBridgeSchedulerBackend
    group_of, make, make_group = backend.get_schedule_group, backend.create_schedule, backend.create_schedule_group
    drop_group, answer_update = backend.delete_schedule_group, responses.EventBridgeSchedulerResponse.update_schedule

    # It breaks over groups that do not exist.
    def create_schedule(self, **arguments):
        group_of(self, arguments["group_name"])
        return make(self, **arguments)

    def create_schedule_group(self, name, tags):
        if name in self.schedule_groups:
            error = exceptions.ScheduleExists(name)
            error.description = error.description.replace("Schedule ", "Schedule group ", 1)
            raise error
        return make_group(self, name=name, tags=tags or [])

    def delete_schedule_group(self, name):
        if (name or "default") == "default":
            raise exceptions.ValidationException("The default schedule group cannot be deleted.")
        group_of(self, name)
        drop_group(self, name)

    # An update replaces the whole schedule, the action after its completion and the state too.
    def update_schedule(self):
        answer = answer_update(self)
        name = self.uri.split("?")[0].split("/")[-1]
        schedule = self.scheduler_backend.get_schedule(self._get_param("GroupName"), name)
        schedule.action_after_completion = self._get_param("ActionAfterCompletion")
        schedule.state = schedule.state or "ENABLED"
        return answer

    backend.create_schedule, backend.create_schedule_group = create_schedule, create_schedule_group
    backend.delete_schedule_group = delete_schedule_group
    responses.EventBridgeSchedulerResponse.update_schedule = update_schedule

    # Every member of the retry policy has a default of its own, and so has the action after completion.
    def validate_target(target):
        policy = target.setdefault("RetryPolicy", {})
        policy.setdefault("MaximumEventAgeInSeconds", 86400)
        policy.setdefault("MaximumRetryAttempts", 185)
        return target

    models.Schedule.validate_target = staticmethod(validate_target)
    to_dict = models.Schedule.to_dict

    def described(self, short=False):
        return {**to_dict(self, short), "ActionAfterCompletion": self.action_after_completion or "NONE"}

    models.Schedule.to_dict = described


def mend_cloudwatch():
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import ActionResult

    def moment(value):
        if isinstance(value, str):
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return value if value.tzinfo else value.replace(tzinfo=timezone.utc)

    # When a state began: by the clock of the local AWS, which the reason names, and else by the world's.
    def began(reason_data, otherwise):
        try:
            return datetime.strptime(json.loads(reason_data)["queryDate"], "%Y-%m-%dT%H:%M:%S.%f%z")
        except (KeyError, TypeError, ValueError):
            return moment(otherwise)

    # The changes of an alarm's state, oldest first. moto keeps the state before each of them.
    def transitions(alarm):
        states = [entry[1:] for entry in alarm.history]
        states.append((alarm.state_reason, alarm.state_reason_data, alarm.state_value, alarm.state_updated_timestamp))
        for (_, _, old, _), (reason, reason_data, new, updated) in zip(states, states[1:]):
            if old == new:
                continue
            entered = {"stateValue": new, "stateReason": reason}
            yield {
                "AlarmName": alarm.name,
                "AlarmType": "MetricAlarm",
                "Timestamp": began(reason_data, updated),
                "HistoryItemType": "StateUpdate",
                "HistorySummary": f"Alarm updated from {old} to {new}",
                "HistoryData": json.dumps({"version": "1.0", "oldState": {"stateValue": old}, "newState": entered}),
            }

    # It does not answer DescribeAlarmHistory.
    def describe_alarm_history(self):
        alarms = self.cloudwatch_backend.alarms
        name, kind = self._get_param("AlarmName"), self._get_param("HistoryItemType")
        start, end = self._get_param("StartDate"), self._get_param("EndDate")
        items = []
        for alarm in [alarms[n] for n in ([name] if name else alarms) if n in alarms and kind in (None, "StateUpdate")]:
            for item in transitions(alarm):
                if (not start or item["Timestamp"] >= moment(start)) and (not end or item["Timestamp"] <= moment(end)):
                    items.append(item)
        items.sort(key=lambda item: item["Timestamp"], reverse=self._get_param("ScanBy") != "TimestampAscending")
        return ActionResult({"AlarmHistoryItems": items})

    CloudWatchResponse.describe_alarm_history = describe_alarm_history


# The kinds of statistics over single values ("CloudWatch statistics definitions"): p99, tm90, TM(10%:90%), PR(:300).
SHORT = re.compile(r"(p|tm|wm|tc|ts)([0-9]+(?:\.[0-9]{1,10})?)")
RANGE = re.compile(r"(TM|WM|TC|TS|PR)\((-?[0-9.]+%?)?:(-?[0-9.]+%?)?\)")


# A statistic's kind and the bounds of its range, each a share of the values or a value; nothing for another statistic.
def parse_extended(name):
    if name == "IQM":
        name = "TM(25%:75%)"
    short, ranged = SHORT.fullmatch(name), RANGE.fullmatch(name)
    if not short and not (ranged and (ranged[2] or ranged[3])):
        return None
    kind, low, high = (short[1].upper(), None, short[2] + "%") if short else ranged.groups()
    bounds = []
    try:
        for text in (low, high):
            is_share = bool(text) and text.endswith("%")
            value = float(text.rstrip("%")) if text else None
            if is_share and (kind == "PR" or not 0 <= value <= 100):
                return None
            bounds.append((is_share, value))
    except ValueError:
        return None
    return kind, *bounds


# The value of a statistic over pairs of a value and how often there is one, in the order of the values.
def compute_extended(parsed, pairs):
    kind, (low_is_share, low), (high_is_share, high) = parsed
    total = sum(count for _, count in pairs)

    # The least value that so many of all are not above.
    def percentile(share):
        seen = 0
        for value, count in pairs:
            seen += count
            if seen >= share / 100 * total - 1e-9:
                return value
        return pairs[-1][0]

    if kind == "P":
        return percentile(high)
    if kind == "WM":
        least = percentile(low) if low_is_share else low
        most = percentile(high) if high_is_share else high
        edged = [(value if least is None else max(value, least), count) for value, count in pairs]
        return sum((value if most is None else min(value, most)) * count for value, count in edged) / total
    begin = low / 100 * total if low_is_share else 0
    end = high / 100 * total if high_is_share else total
    seen = number = amount = 0
    for value, count in pairs:
        part = max(0, min(seen + count, end) - max(seen, begin))
        seen += count
        if (low is None or low_is_share or value > low) and (high is None or high_is_share or value <= high):
            number, amount = number + part, amount + value * part
    return {"TC": number, "TS": amount, "PR": 100 * number / total, "TM": amount / number if number else None}[kind]


def mend_percentiles():
    from moto.cloudwatch import models, responses

    # Of the metrics that came with their values, the newest so many keep them; of the others sums are left.
    most = 20_000

    class Values(models.MetricAggregatedDatum):
        # moto registers its models by this name.
        __module__ = models.__name__
        pairs = None

    newest = collections.deque()
    put, statistic = models.CloudWatchBackend.put_metric_data, models.Statistics.get_statistics_for_type

    # moto makes a datum of each single value, however often there is one.
    def put_metric_data(self, namespace, metric_data):
        for i, metric in enumerate(metric_data):
            self._validate_parameters_put_metric_data(metric, i + 1)
        for metric in metric_data:
            values = [float(value) for value in metric.get("Values") or []]
            if not values:
                put(self, namespace, [metric])
                continue
            counts = [float(count) for count in metric.get("Counts") or [1] * len(values)]
            datum = Values(
                namespace=namespace,
                name=metric["MetricName"],
                min_stat=min(values),
                max_stat=max(values),
                sample_count=sum(counts),
                sum_stat=sum(value * count for value, count in zip(values, counts)),
                dimensions=metric.get("Dimensions", []),
                timestamp=metric.get("Timestamp"),
                unit=metric.get("Unit"),
            )
            datum.pairs = array.array("d", values), array.array("d", counts)
            newest.append(datum)
            if len(newest) > most:
                newest.popleft().pairs = None
            self.metric_data.append(datum)

    # The values behind some data; nothing where one has only its sums, unless these say that all values are the same.
    def pairs_of(data):
        found = collections.Counter()
        for datum in data:
            if isinstance(datum, models.MetricDatum):
                found[datum.value] += 1
            elif getattr(datum, "pairs", None):
                for value, count in zip(*datum.pairs):
                    found[value] += count
            elif datum.min == datum.max:
                found[datum.min] += datum.sample_count
            else:
                return None
        pairs = sorted((value, count) for value, count in found.items() if count > 0)
        return pairs if pairs and pairs[0][0] >= 0 else None

    def get_statistics_for_type(self, stat):
        parsed = parse_extended(stat)
        pairs = pairs_of(self.metric_data) if parsed else None
        return compute_extended(parsed, pairs) if pairs else statistic(self, stat)

    models.CloudWatchBackend.put_metric_data = put_metric_data
    models.Statistics.get_statistics_for_type = get_statistics_for_type

    # Periods without a value of the statistic have no data point.
    get_data = models.CloudWatchBackend.get_metric_data

    def get_metric_data(self, *args, **kwargs):
        results = get_data(self, *args, **kwargs)
        for result in results:
            points = [p for p in zip(result["timestamps"], result["values"]) if p[1] is not None]
            result["timestamps"], result["values"] = [p[0] for p in points], [p[1] for p in points]
        return results

    models.CloudWatchBackend.get_metric_data = get_metric_data

    get_statistics = responses.CloudWatchResponse.get_metric_statistics

    def get_metric_statistics(self):
        names = self._get_param("ExtendedStatistics", [])
        for i, name in enumerate(names):
            if not parse_extended(name):
                raise responses.InvalidParameterValue(
                    f"The value {name} for parameter ExtendedStatistics.member.{i + 1} is not supported."
                )
        answer = get_statistics(self)
        for point in answer.result["Datapoints"]:
            values = {name: point.get_statistics_for_type(name) for name in names}
            point.extended_statistics = {name: value for name, value in values.items() if value is not None} or None
        return answer

    responses.CloudWatchResponse.get_metric_statistics = get_metric_statistics

    # It knows no alarms on other statistics than percentiles.
    put_alarm = models.CloudWatchBackend.put_metric_alarm

    def put_metric_alarm(self, *args, extended_statistic=None, **kwargs):
        if extended_statistic and not parse_extended(extended_statistic):
            raise responses.InvalidParameterValue(
                f"The value {extended_statistic} for parameter ExtendedStatistic is not supported."
            )
        alarm = put_alarm(self, *args, **kwargs)
        alarm.extended_statistic = extended_statistic
        return alarm

    models.CloudWatchBackend.put_metric_alarm = put_metric_alarm


def mend_logs():
    from moto.logs import models, responses

    # What containers print must not fill the memory: of each stream the newest lines are left, and of each group the
    # newest streams. moto keeps everything.
    most_lines, most_bytes, most_streams = 10_000, 4 << 20, 200
    put = models.LogStream.put_log_events

    def put_log_events(self, log_events):
        token = put(self, log_events)
        if self.log_group.name.startswith("/aws/sagemaker/"):
            left = len(self.events)
            size = 0
            while left and len(self.events) - left < most_lines and size < most_bytes:
                left -= 1
                size += len(self.events[left].message)
            del self.events[:left]
            streams = self.log_group.streams
            for name in list(streams)[: max(0, len(streams) - most_streams)]:
                del streams[name]
        return token

    models.LogStream.put_log_events = put_log_events

    # It does not look at the prefix of streams' names.
    find = responses.LogsResponse.filter_log_events

    def filter_log_events(self):
        prefix, get = self._get_param("logStreamNamePrefix"), self._get_param
        group = self.logs_backend.groups.get(get("logGroupName"))
        if not prefix or not group:
            return find(self)
        # Without names, it looks through all streams.
        names = [name for name in group.streams if name.startswith(prefix)] or [""]
        self._get_param = lambda name, *rest: names if name == "logStreamNames" else get(name, *rest)
        try:
            return find(self)
        finally:
            del self._get_param

    responses.LogsResponse.filter_log_events = filter_log_events


# Other programs in Python run this file too, with no moto at hand.
try:
    mend_s3()
    mend_events()
    mend_scheduler()
    mend_cloudwatch()
    mend_percentiles()
    mend_logs()

    import cloudformation

    cloudformation.mend_once_used()
except ImportError:
    pass
