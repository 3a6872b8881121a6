# Stacks of CloudFormation. The emulator makes nothing of a type that it does not know, and reports success; what it makes
# of a type that the local AWS answers itself is where nobody looks for it. Here a template with such a resource is
# refused before anything is made.
import importlib.util
import json
import sys

# The services that the local AWS answers itself.
ANSWERED_ELSEWHERE = ("AWS::ApplicationAutoScaling::", "AWS::SageMaker::", "AWS::StepFunctions::")
# What stands for nothing on AWS, either.
HARMLESS = ("AWS::CDK::Metadata", "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle")


def parse(template):
    """The template as a dictionary. What cannot be read the emulator refuses itself."""
    import yaml
    from moto.cloudformation.utils import yaml_tag_constructor

    yaml.add_multi_constructor("", yaml_tag_constructor)
    try:
        parsed = yaml.load(template, Loader=yaml.Loader)
    except yaml.YAMLError:
        try:
            parsed = json.loads(template)  # indented by tabs, it is no YAML
        except ValueError:
            return {}
    return parsed if isinstance(parsed, dict) else {}


def problem(kind, known):
    """What is wrong with a type of resources; None for nothing."""
    if not isinstance(kind, str) or kind in HARMLESS:
        return None
    if kind.startswith(ANSWERED_ELSEWHERE):
        return "which the local AWS makes by its service's own API alone"
    if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource":
        return "whose function the local AWS does not call"
    if kind not in known:
        return "which the local AWS does not make"
    return None


def problems(template, known, nested, inside=""):
    found = []
    resources = parse(template).get("Resources")
    for name, resource in (resources if isinstance(resources, dict) else {}).items():
        if not isinstance(resource, dict):
            found.append(f"{inside}{name}, which is no resource of one type")
            continue
        kind = resource.get("Type")
        why = problem(kind, known)
        if why:
            found.append(f"{inside}{name} of type {kind}, {why}")
        properties = resource.get("Properties")
        given = properties if isinstance(properties, dict) else {}
        if kind == "AWS::Events::Rule" and "ScheduleExpression" in given:
            found.append(f"{inside}{name}, a rule whose schedule the local AWS does not follow")
        url = given.get("TemplateURL")
        if kind == "AWS::CloudFormation::Stack" and isinstance(url, str):
            found += problems(nested(url), known, nested, f"{inside}{name}.")
    return found


def mend():
    from moto.cloudformation import models, parsing
    from moto.cloudformation.exceptions import ValidationError
    from moto.utilities.utils import get_partition

    backend = models.CloudFormationBackend

    def check(self, template):
        def nested(url):
            return models.get_stack_from_s3_url(url, self.account_id, get_partition(self.region_name))

        found = problems(template, parsing.get_model_map(), nested) if isinstance(template, str) else []
        if found:
            raise ValidationError(message="The local AWS makes nothing of a stack with " + "; ".join(found))

    def checking(name, position):
        original = getattr(backend, name)

        def checked(self, *arguments, **options):
            check(self, options["template"] if "template" in options else arguments[position])
            return original(self, *arguments, **options)

        setattr(backend, name, checked)

    # The operations that take a template, and where it stands among the arguments.
    for name, position in (
        ("create_stack", 1),
        ("create_change_set", 2),
        ("update_stack", 1),
        ("create_stack_set", 1),
        ("update_stack_set", 1),
    ):
        checking(name, position)


def mend_once_used():
    """Mends the module when the emulator loads it, which takes seconds: it loads those of all other services."""

    class Finder:
        def find_spec(self, name, path, target=None):
            if name != "moto.cloudformation.models":
                return None
            sys.meta_path.remove(self)
            spec = importlib.util.find_spec(name)
            load = spec.loader.exec_module

            def exec_module(module):
                load(module)
                mend()

            spec.loader.exec_module = exec_module
            return spec

    sys.meta_path.insert(0, Finder())
