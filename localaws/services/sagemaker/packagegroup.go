package sagemaker

import (
	"encoding/json"
	"strings"

	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"

	"sagehost/localaws/protocol/awsjson"
)

// completed is the status of groups and packages: they are made at once, and nothing validates them.
const completed = "Completed"

// called finds what a request calls by its name or by its ARN.
func (c call) called(k kind, text string) (*record, error) {
	if !strings.HasPrefix(text, "arn:") {
		return c.find(k, text)
	}
	if named, err := awsarn.Parse(text); err == nil && named.Region != c.name {
		return nil, awsjson.Invalid("ARN should be scoped to correct region: %s", c.name)
	}
	_, name, _ := strings.Cut(text, "/")
	found, err := c.find(k, name)
	if err != nil || !strings.EqualFold(found.ARN, text) {
		return nil, awsjson.Invalid(k.missing, text)
	}
	return found, nil
}

func (c call) createGroup() (awsjson.Object, error) {
	made, err := c.create(groups)
	if err != nil {
		return nil, err
	}
	return awsjson.Object{"ModelPackageGroupArn": made.ARN}, nil
}

func (c call) describeGroup() (awsjson.Object, error) {
	found, err := c.called(groups, c.in.Text("ModelPackageGroupName"))
	if err != nil {
		return nil, err
	}
	return found.summary().With(awsjson.Object{"CreatedBy": awsjson.Object{}}), nil
}

func (c call) listGroups() (awsjson.Object, error) { return c.list(groups) }

// deleteGroup refuses while there are packages in the group, as AWS does; its words for that are not known.
func (c call) deleteGroup() (awsjson.Object, error) {
	found, err := c.called(groups, c.in.Text("ModelPackageGroupName"))
	if err != nil {
		return nil, err
	}
	for _, p := range c.records[packages] {
		if p.Version > 0 && strings.EqualFold(p.family(), found.Name) {
			return nil, awsjson.Errorf("ConflictException",
				"Model Package Group cannot be deleted because it contains Model Packages: %s", found.ARN)
		}
	}
	delete(c.records[groups], strings.ToLower(found.Name))
	return awsjson.Object{}, nil
}

// shared finds the group that a request about policies names.
func (c call) shared() (*record, error) {
	name := c.in.Text("ModelPackageGroupName")
	found, err := c.find(groups, name)
	if err != nil {
		return nil, awsjson.Invalid("Cannot find Model Package Group: %s", c.arn(groups, name))
	}
	return found, nil
}

func (c call) putPolicy() (awsjson.Object, error) {
	found, err := c.shared()
	if err != nil {
		return nil, err
	}
	policy := c.in.Text("ResourcePolicy")
	if !json.Valid([]byte(policy)) {
		return nil, awsjson.Invalid("The resource policy is not valid JSON.")
	}
	found.Policy = policy
	return awsjson.Object{"ModelPackageGroupArn": found.ARN}, nil
}

// policed finds a group that has a policy.
func (c call) policed() (*record, error) {
	found, err := c.shared()
	if err == nil && found.Policy == "" {
		return nil, awsjson.Invalid("Cannot find resource policy for: %s", found.ARN)
	}
	return found, err
}

func (c call) getPolicy() (awsjson.Object, error) {
	found, err := c.policed()
	if err != nil {
		return nil, err
	}
	return awsjson.Object{"ResourcePolicy": found.Policy}, nil
}

func (c call) deletePolicy() (awsjson.Object, error) {
	found, err := c.policed()
	if err != nil {
		return nil, err
	}
	found.Policy = ""
	return awsjson.Object{}, nil
}
