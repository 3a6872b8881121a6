package transform

import (
	"fmt"
	"slices"

	"sagehost/kit/limits"
	"sagehost/kit/s3uri"
	"sagehost/localaws/containers/environment"
	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/cloudwatch/containerlogs"
)

// create answers CreateTransformJob: it checks what can be known before the job runs, and starts it.
func (j *Jobs) create(c awsjson.Call) (awsjson.Object, error) {
	body := withDefaults(c.Input.Without("Tags"))
	s := settingsOf(body)
	source := body.Object("TransformInput").Object("DataSource").Object("S3DataSource")
	if problem := s.problem(source.Text("S3DataType")); problem != "" {
		return nil, awsjson.Invalid("%s", problem)
	}
	if refusal := environment.Refusal(s.environment); refusal != "" {
		return nil, awsjson.Invalid("%s", refusal)
	}
	resources := body.Object("TransformResources")
	kind := limits.InstanceType(resources.Text("InstanceType"))
	if kind.HasLocalStorage() && resources.Has("VolumeKmsKeyId") {
		// API reference, TransformResources: VolumeKmsKeyId. The words are this fake's.
		return nil, awsjson.Invalid("VolumeKmsKeyId is not supported for instance type %s, which has local storage.", kind)
	}
	if err := checkTags(c.Input.Objects("Tags")); err != nil {
		return nil, err
	}
	made := &job{
		Region: c.Region, Name: c.Input.Text("TransformJobName"), Body: body, Tags: c.Input.Objects("Tags"),
	}
	if err := j.unused(made); err != nil {
		return nil, err
	}
	spec, err := j.spec(made, s)
	if err != nil {
		return nil, err
	}
	if err := j.hasInput(made.Region, s, spec.RoleARN); err != nil {
		return nil, err
	}
	return j.begin(made, s, spec)
}

// begin stores a job and runs it.
func (j *Jobs) begin(made *job, s settings, spec serving.Spec) (awsjson.Object, error) {
	r, ctx := j.newRun(made, s)
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.taken(made); err != nil {
		made.stop()
		return nil, err
	}
	now := j.options.Clock.Now()
	made.Created, made.Started = now, now
	made.change(inProgress, "", now)
	j.jobs[made.key()] = made
	if err := j.save(); err != nil {
		delete(j.jobs, made.key())
		made.stop()
		return nil, err
	}
	r.scripted = j.takeScript(made.Region)
	j.running.Go(func() { r.run(ctx, spec) })
	return awsjson.Object{"TransformJobArn": made.arn()}, nil
}

func (j *Jobs) unused(made *job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.taken(made)
}

// taken is the error for a name that a job has already. The lock must be held.
func (j *Jobs) taken(made *job) error {
	if existing := j.jobs[made.key()]; existing != nil {
		return awsjson.Errorf("ResourceInUse", "Transform job names must be unique within an AWS account and region, "+
			"and a transform job with this name already exists (%s)", existing.arn())
	}
	return nil
}

// spec is what to serve: the model with the job's environment.
func (j *Jobs) spec(made *job, s settings) (serving.Spec, error) {
	spec, err := j.options.Models.Model(made.Region, s.model)
	if err != nil {
		return serving.Spec{}, err
	}
	spec.Name = "transform-job/" + made.Name
	spec.LogGroup = containerlogs.TransformJobs
	spec.LogStream = fmt.Sprintf("%s/%s-%d", made.Name, containerlogs.InstanceID(), j.options.Clock.Now().Unix())
	spec.Containers = slices.Clone(spec.Containers)
	for i := range spec.Containers {
		container := &spec.Containers[i]
		if container.MultiModel {
			return serving.Spec{}, awsjson.Invalid(
				"Batch transform does not support models with a container in mode MultiModel.")
		}
		if container.Uncompressed {
			return serving.Spec{}, awsjson.Invalid("SageMaker Batch currently doesn't support Model entity with " +
				"container definitions which use ModelDataSource attribute.")
		}
		container.Environment = s.containerEnvironment(container.Environment)
	}
	return spec, nil
}

// hasInput refuses a job for which there is nothing to read, as AWS does before it makes one.
func (j *Jobs) hasInput(region string, s settings, role string) error {
	for _, err := range j.options.Objects.List(j.context, region, s.uri) {
		if err == nil {
			return nil
		}
		break
	}
	return awsjson.Invalid("%s", noObjects(region, s.uri, role))
}

// noObjects is AWS's message for an input that is not there, or cannot be seen.
func noObjects(region, uri, role string) string {
	bucket, _, _ := s3uri.Split(uri)
	return `No S3 objects found under S3 URL "` + uri + `" given in input data source. Please ensure that the bucket ` +
		`exists in the selected region (` + region + `), that objects exist under that S3 prefix, and that the role "` +
		role + `" has "s3:ListBucket" permissions on bucket "` + bucket + `".`
}
