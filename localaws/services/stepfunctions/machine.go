package stepfunctions

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/stepfunctions/asl"
)

// Values of the API.
const (
	standard    = "STANDARD"
	express     = "EXPRESS"
	ownedKey    = "AWS_OWNED_KEY"
	customerKey = "CUSTOMER_MANAGED_KMS_KEY"
)

// machine is a state machine. What its objects hold is replaced, never changed: answers share it.
type machine struct {
	Region, Name string
	Created      time.Time
	Revision     revision
	Tags         []awsjson.Object
}

// revision is what an update can change.
type revision struct {
	// ID is empty until the first update.
	ID         string
	At         time.Time
	Definition string
	RoleARN    string
	Logging    awsjson.Object
	Tracing    awsjson.Object
	// Encryption is nil when nothing was said of it.
	Encryption awsjson.Object
}

func (m *machine) arn() string { return arnOfMachine(m.Region, m.Name) }

// parse reads a definition.
func (f *Fake) parse(region, definition string) (*asl.Machine, asl.Diagnostics) {
	return asl.Parse(definition, asl.Options{Partition: protocol.Partition(region), Catalog: f.options.Catalog})
}

func (c call) create() (awsjson.Object, error) {
	made := &machine{
		Region: c.region, Name: c.in.Text("name"), Created: c.now, Tags: c.in.Objects("tags"),
		Revision: revision{
			At: c.now, Logging: awsjson.Object{"level": "OFF", "includeExecutionData": false},
			Tracing: awsjson.Object{"enabled": false},
		},
	}
	if err := checkName(made.Name); err != nil {
		return nil, err
	}
	if c.in.Text("type") == express {
		return nil, awsjson.Errorf("StateMachineTypeNotSupported", "State Machine Type Not Supported: '%s'", express)
	}
	if err := checkTags(made.arn(), made.Tags); err != nil {
		return nil, err
	}
	if err := c.revise(&made.Revision); err != nil {
		return nil, err
	}
	if known := c.machines[made.arn()]; known != nil {
		// The same request may come twice. Neither the role nor the tags count, as the documentation has it.
		if !known.Revision.same(made.Revision) {
			return nil, awsjson.Errorf("StateMachineAlreadyExists", "State Machine Already Exists: '%s'", made.arn())
		}
		made = known
	}
	c.machines[made.arn()] = made
	return awsjson.Object{"stateMachineArn": made.arn(), "creationDate": awsjson.Time(made.Created)}, c.save()
}

// same reports whether a request to make a state machine asks for what there is.
func (r revision) same(other revision) bool {
	return r.Definition == other.Definition && reflect.DeepEqual(r.Logging, other.Logging) &&
		reflect.DeepEqual(r.Tracing, other.Tracing) && reflect.DeepEqual(r.Encryption, other.Encryption)
}

// revise takes over what a request says of a state machine.
func (c call) revise(r *revision) error {
	if c.in.Flag("publish") || c.in.Has("versionDescription") {
		return awsjson.Invalid("Versions of state machines are not supported by the local AWS.")
	}
	if c.in.Has("roleArn") {
		r.RoleARN = c.in.Text("roleArn")
		if err := checkRole(r.RoleARN); err != nil {
			return err
		}
	}
	if c.in.Has("loggingConfiguration") {
		logging, err := loggingOf(c.in.Object("loggingConfiguration"))
		if err != nil {
			return err
		}
		r.Logging = logging
	}
	if c.in.Has("tracingConfiguration") {
		r.Tracing = awsjson.Object{"enabled": c.in.Object("tracingConfiguration").Flag("enabled")}
	}
	if c.in.Has("encryptionConfiguration") {
		r.Encryption = c.in.Object("encryptionConfiguration")
		if r.Encryption.Has("kmsKeyId") != (r.Encryption.Text("type") == customerKey) {
			return awsjson.Errorf("InvalidEncryptionConfiguration",
				"Invalid Encryption Configuration: kmsKeyId goes with the type %s", customerKey)
		}
	}
	if !c.in.Has("definition") {
		return nil
	}
	r.Definition = c.in.Text("definition")
	if _, wrong := c.parse(c.region, r.Definition); len(wrong) > 0 {
		return awsjson.Errorf("InvalidDefinition", "%s", wrong.Error())
	}
	return nil
}

// loggingOf is a logging configuration with the defaults that AWS describes.
func loggingOf(given awsjson.Object) (awsjson.Object, error) {
	level := cmp.Or(given.Text("level"), "OFF")
	logging := awsjson.Object{"level": level, "includeExecutionData": given.Flag("includeExecutionData")}
	destinations := given.Objects("destinations")
	if len(destinations) > 1 || (level != "OFF" && len(destinations) == 0) {
		return nil, awsjson.Errorf("InvalidLoggingConfiguration",
			"Invalid Logging Configuration: Must specify exactly one Log Destination.")
	}
	for _, destination := range destinations {
		group := destination.Object("cloudWatchLogsLogGroup").Text("logGroupArn")
		if err := checkLogGroup(group); err != nil {
			return nil, err
		}
		logging["destinations"] = given["destinations"]
	}
	return logging, nil
}

func (c call) update() (awsjson.Object, error) {
	m, err := c.machine(c.in.Text("stateMachineArn"))
	if err != nil {
		return nil, err
	}
	changes := []string{
		"definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration",
	}
	if !slices.ContainsFunc(changes, c.in.Has) {
		return nil, awsjson.Errorf("MissingRequiredParameter", "Either the definition, the role ARN, the "+
			"LoggingConfiguration, or the TracingConfiguration must be specified")
	}
	changed := m.Revision
	if err := c.revise(&changed); err != nil {
		return nil, err
	}
	changed.ID, changed.At = uuid.NewString(), c.now
	m.Revision = changed
	return awsjson.Object{"updateDate": awsjson.Time(c.now), "revisionId": changed.ID}, c.save()
}
