package localaws

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/world/clock"
)

// FuzzOperations sends any body to any operation of the fakes. Whatever it says is the client's fault, or an answer.
func FuzzOperations(f *testing.F) {
	other := http.NotFoundHandler()
	options := Options{Clock: clock.New(time.Now()), Log: io.Discard, Dir: f.TempDir()}
	s, err := newServices("http://127.0.0.1:1", other, options, false)
	if err != nil {
		f.Fatal(err)
	}
	handler := s.gateway(other, health{})
	targets := operationsOf(&s.hosting.Service, &s.scaling.Service, &s.workflows.Service)
	for i, body := range []string{
		`{"ModelName":"m","ExecutionRoleArn":"arn:aws:iam::123456789012:role/r","PrimaryContainer":{"Image":"i"}}`,
		`{"EndpointConfigName":"c","ProductionVariants":[{"VariantName":"v","ModelName":"m","InitialInstanceCount":1,` +
			`"InstanceType":"ml.m5.large"}]}`,
		`{"EndpointName":"e","EndpointConfigName":"c","DeploymentConfig":{"RollingUpdatePolicy":{"WaitIntervalInSeconds":0,` +
			`"MaximumBatchSize":{"Type":"INSTANCE_COUNT","Value":1}}}}`,
		`{"ServiceNamespace":"sagemaker","ResourceId":"endpoint/e/variant/v",` +
			`"ScalableDimension":"sagemaker:variant:DesiredInstanceCount","MinCapacity":1,"MaxCapacity":2}`,
		`{"TransformJobName":"j","ModelName":"m","TransformInput":{"DataSource":{"S3DataSource":{"S3DataType":"S3Prefix",` +
			`"S3Uri":"s3://b/in"}}},"TransformOutput":{"S3OutputPath":"s3://b/out"},"TransformResources":` +
			`{"InstanceType":"ml.m5.large","InstanceCount":1}}`,
		`{"ResourceArn":"arn:aws:sagemaker:eu-west-1:123456789012:model/m","Tags":[{"Key":"k","Value":"v"}]}`,
		`{"ModelPackageGroupName":"g","ResourcePolicy":"{}","InferenceSpecification":{"Containers":[{"Image":"i"}]},` +
			`"CustomerMetadataProperties":{"k":"v"}}`,
		`{"ModelPackageArn":"arn:aws:sagemaker:us-east-1:123456789012:model-package/g/1","ModelApprovalStatus":"Approved",` +
			`"AdditionalInferenceSpecificationsToAdd":[{"Name":"n","Containers":[{}]}]}`,
		`{"name":"n","roleArn":"arn:aws:iam::123456789012:role/r","definition":"{\"StartAt\":\"P\",\"States\":{\"P\":` +
			`{\"Type\":\"Pass\",\"End\":true}}}","loggingConfiguration":{"level":"OFF","destinations":[]},"tags":[{"key":"k"}]}`,
		`{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:n","name":"x","input":"{\"a\":[1]}"}`,
		`{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:n:x","reverseOrder":true,"maxResults":1}`,
		`{"MaxResults":1e99,"NextToken":"cGFnZS0x","CreationTimeAfter":-1}`, `null`, `[]`, `{"a":`, "\x00",
	} {
		f.Add(uint8(i), body)
	}
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		target := targets[int(which)%len(targets)]
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		request.Header.Set(awsjson.TargetHeader, target)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code >= http.StatusInternalServerError && !strings.Contains(answer.Body.String(), "127.0.0.1:1") {
			t.Fatalf("%s of %q answered %d: %s", target, body, answer.Code, answer.Body)
		}
	})
}

// operationsOf are the target headers of all operations, sorted.
func operationsOf(services ...*awsjson.Service) []string {
	var targets []string
	for _, service := range services {
		for _, name := range slices.Sorted(maps.Keys(service.Operations)) {
			targets = append(targets, service.Prefix+"."+name)
		}
	}
	return targets
}
