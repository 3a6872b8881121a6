# Python runs this file at its start. It mends what moto 5.2.1 does wrong and a stack runs into.
import copy
import json
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
    mend_logs()
except ImportError:
    pass
