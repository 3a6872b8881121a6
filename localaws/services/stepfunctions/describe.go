package stepfunctions

import (
	"cmp"
	"slices"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// checkLogGroup refuses what AWS Step Functions cannot log to.
func checkLogGroup(text string) error {
	parts := strings.Split(text, ":")
	if len(parts) != 8 || parts[0] != "arn" || parts[2] != "logs" || parts[5] != "log-group" || parts[7] != "*" {
		return awsjson.Errorf("InvalidLoggingConfiguration", "Invalid Logging Configuration: The Log Destination '%s' is "+
			"not the ARN of a log group that ends in ':*'.", text)
	}
	return nil
}

// described is the members of a revision that answers have.
func (r revision) described() awsjson.Object {
	out := awsjson.Object{
		"definition": r.Definition, "roleArn": r.RoleARN, "loggingConfiguration": r.Logging,
		"tracingConfiguration": r.Tracing,
	}
	if r.Encryption != nil {
		out["encryptionConfiguration"] = r.Encryption
	}
	if r.ID != "" {
		out["revisionId"] = r.ID
	}
	return out
}

func (c call) describeMachine() (awsjson.Object, error) {
	m, err := c.machine(c.in.Text("stateMachineArn"))
	if err != nil {
		return nil, err
	}
	return m.Revision.described().With(m.summary()).With(awsjson.Object{"status": "ACTIVE"}), nil
}

// summary is the members that a listing has.
func (m *machine) summary() awsjson.Object {
	return awsjson.Object{
		"stateMachineArn": m.arn(), "name": m.Name, "type": standard, "creationDate": awsjson.Time(m.Created),
	}
}

func (c call) listMachines() (awsjson.Object, error) {
	var found []*machine
	for _, m := range c.machines {
		if m.Region == c.region {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b *machine) int { return cmp.Compare(a.Name, b.Name) })
	list := make([]awsjson.Object, len(found))
	for i, m := range found {
		list[i] = m.summary()
	}
	return c.page("stateMachines", list)
}

// defaultPage is how many entries a listing has when the request does not say.
const defaultPage = 100

func (c call) page(member string, list []awsjson.Object) (awsjson.Object, error) {
	size := cmp.Or(int(c.in.Number("maxResults")), defaultPage)
	part, next, err := protocol.Page(list, c.in.Text("nextToken"), size)
	if err != nil {
		return nil, awsjson.Errorf("InvalidToken", "Invalid Token: 'Invalid token'")
	}
	// An empty list must not become null.
	out := awsjson.Object{member: append([]awsjson.Object{}, part...)}
	if next != "" {
		out["nextToken"] = next
	}
	return out, nil
}

// deleteMachine forgets a state machine with its executions. Those that are running are stopped. It is no error when
// there is none.
func (c call) deleteMachine() (awsjson.Object, error) {
	text := c.in.Text("stateMachineArn")
	if err := checkARN(text, machineKind); err != nil {
		return nil, err
	}
	m := c.machines[text]
	if m == nil || m.Region != c.region {
		return awsjson.Object{}, nil
	}
	for key, e := range c.executions {
		if e.Machine != m.Name || e.Region != m.Region {
			continue
		}
		c.abort(e, "", "")
		delete(c.executions, key)
		c.removeExecution(e)
	}
	delete(c.machines, text)
	return awsjson.Object{}, c.save()
}

// validate answers ValidateStateMachineDefinition.
func (c call) validate() (awsjson.Object, error) {
	if c.in.Text("type") == express {
		return nil, awsjson.Invalid("State Machine Type Not Supported: '%s'", express)
	}
	_, wrong := c.parse(c.region, c.in.Text("definition"))
	most := cmp.Or(int(c.in.Number("maxResults")), defaultPage)
	list := []awsjson.Object{}
	for _, d := range wrong[:min(len(wrong), most)] {
		diagnostic := awsjson.Object{"severity": "ERROR", "code": d.Code, "message": d.Message}
		if d.Location != "" {
			diagnostic["location"] = d.Location
		}
		list = append(list, diagnostic)
	}
	result := "OK"
	if len(wrong) > 0 {
		result = "FAIL"
	}
	return awsjson.Object{"result": result, "diagnostics": list, "truncated": len(wrong) > most}, nil
}

// listVersions lists none: nothing is published here. The service model has no error for a state machine that is not
// there.
func (c call) listVersions() (awsjson.Object, error) {
	if err := checkARN(c.in.Text("stateMachineArn"), machineKind); err != nil {
		return nil, err
	}
	return c.page("stateMachineVersions", nil)
}
