package sagemaker

import (
	"strconv"
	"strings"

	"sagehost/localaws/protocol/awsjson"
)

// Approval statuses of a version.
const (
	approved = "Approved"
	pending  = "PendingManualApproval"
)

// family is the group of a version of a model package, and the name of everything else.
func (r *record) family() string {
	group, _, _ := strings.Cut(r.Name, "/")
	return group
}

// createPackage registers a version in a group, or a package without versions, as AWS Marketplace has them.
func (c call) createPackage() (awsjson.Object, error) {
	alone, inGroup := c.in.Has("ModelPackageName"), c.in.Has("ModelPackageGroupName")
	if alone && inGroup {
		return nil, awsjson.Invalid("Both ModelPackageName and ModelPackageGroupName are provided in the input. " +
			"Cannot determine which one to use.")
	}
	if token := c.in.Text("ClientToken"); token != "" {
		for _, p := range c.records[packages] {
			if p.Body.Text("ClientToken") == token {
				return awsjson.Object{"ModelPackageArn": p.ARN}, nil
			}
		}
	}
	create := call.createAlone
	switch {
	case inGroup:
		create = call.register
	case !alone:
		return nil, awsjson.Invalid("Missing ARN.")
	}
	made, err := create(c)
	if err != nil {
		return nil, err
	}
	return awsjson.Object{"ModelPackageArn": made.ARN}, nil
}

// register makes the next version of a group. Numbers are not used again.
func (c call) register() (*record, error) {
	group, err := c.called(groups, c.in.Text("ModelPackageGroupName"))
	if err != nil {
		return nil, err
	}
	if c.in.Has("Tags") {
		// What AWS says is not known; that it refuses is in the documentation of the member.
		return nil, awsjson.Invalid("Tags cannot be specified for a versioned model package, which uses those of its group.")
	}
	made, err := c.createAs(packages, group.Name+"/"+strconv.Itoa(group.Version+1))
	if err != nil {
		return nil, err
	}
	group.Version++
	made.Version = group.Version
	made.Body["ModelPackageGroupName"] = group.Name
	if !made.Body.Has("ModelApprovalStatus") {
		made.Body["ModelApprovalStatus"] = pending
	}
	return made, nil
}

func (c call) createAlone() (*record, error) {
	for _, container := range c.in.Object("InferenceSpecification").Objects("Containers") {
		if container.Has("Environment") {
			return nil, awsjson.Invalid("1 validation errors detected:" +
				"Environment variable map cannot be specified when using non-versioned ModelPackages")
		}
	}
	made, err := c.create(packages)
	if err != nil {
		return nil, err
	}
	// Only versions are approved.
	delete(made.Body, "ModelApprovalStatus")
	return made, nil
}

func (c call) describePackage() (awsjson.Object, error) {
	found, err := c.called(packages, c.in.Text("ModelPackageName"))
	if err != nil {
		return nil, err
	}
	out := found.Body.Without("ClientToken").With(found.summary()).With(awsjson.Object{
		"CertifyForMarketplace": found.Body.Flag("CertifyForMarketplace"),
		"ModelPackageStatusDetails": awsjson.Object{
			"ImageScanStatuses": []awsjson.Object{}, "ValidationStatuses": []awsjson.Object{},
		},
	})
	if !found.Modified.IsZero() {
		out["LastModifiedTime"] = awsjson.Time(found.Modified)
	}
	return out, nil
}

// packageSummary is what a listing has of a package beside its identity.
func (r *record) packageSummary() awsjson.Object {
	out := r.kept("ModelApprovalStatus", "ModelLifeCycle", "ModelPackageDescription", "ModelPackageGroupName",
		"ModelPackageRegistrationType")
	out["ModelPackageStatus"] = completed
	if r.Version > 0 {
		out["ModelPackageVersion"] = r.Version
	}
	return out
}

func (c call) listPackages() (awsjson.Object, error) {
	if name := c.in.Text("ModelPackageGroupName"); name != "" {
		if _, err := c.called(groups, name); err != nil {
			return nil, err
		}
	}
	return c.list(packages)
}

// wantedPackage applies the filters that only packages have. Versions are listed on demand only.
func (c call) wantedPackage(r *record) bool {
	if status := c.in.Text("ModelApprovalStatus"); status != "" && status != r.Body.Text("ModelApprovalStatus") {
		return false
	}
	if group := c.in.Text("ModelPackageGroupName"); group != "" {
		return r.Version > 0 && strings.EqualFold(r.family(), group[strings.LastIndex(group, "/")+1:])
	}
	switch c.in.Text("ModelPackageType") {
	case "Both":
		return true
	case "Versioned":
		return r.Version > 0
	default:
		return r.Version == 0
	}
}

func (c call) deletePackage() (awsjson.Object, error) {
	found, err := c.called(packages, c.in.Text("ModelPackageName"))
	if err != nil {
		return nil, err
	}
	delete(c.records[packages], strings.ToLower(found.Name))
	return awsjson.Object{}, nil
}
