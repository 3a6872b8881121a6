// Package deployedtest is a cloud in memory, for tests of what asks a cloud what it serves.
package deployedtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"

	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
)

// Account is the account that everything is in.
const Account = "123456789012"

// Resolved is when the digests of images were looked up.
var Resolved = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Cloud is a cloud in memory. Its fields can be changed before it is asked.
type Cloud struct {
	// Endpoints are the endpoints by name.
	Endpoints map[string]*Endpoint
	// Objects are the contents of objects by their s3:// URIs.
	Objects map[string][]byte
	// NoChecksums makes Amazon S3 keep none.
	NoChecksums bool
}

// Endpoint is an endpoint with one variant.
type Endpoint struct {
	Status        types.EndpointStatus
	FailureReason string
	// Variant is the variant's name; Shadow makes it a shadow variant.
	Variant string
	Shadow  bool
	// Containers are those of its model. One alone is the model's primary container.
	Containers []types.ContainerDefinition
	// Images are the images deployed, by the names under which they were asked for.
	Images map[string]string
}

// New is a cloud without anything in it.
func New() *Cloud { return &Cloud{Endpoints: map[string]*Endpoint{}, Objects: map[string][]byte{}} }

// Deployed asks this cloud.
func (c *Cloud) Deployed() *deployed.Cloud { return &deployed.Cloud{SageMaker: c, S3: c} }

// Artifact puts an archive with this content into a bucket, and describes it.
func (c *Cloud) Artifact(uri, content string) *release.Artifact {
	c.Objects[uri] = []byte(content)
	sum := sha256.Sum256([]byte(content))
	return &release.Artifact{URI: uri, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content))}
}

// Serve makes an endpoint with the variant "main" serve a release.
func (c *Cloud) Serve(name string, r *release.Release) *Endpoint {
	e := &Endpoint{Status: types.EndpointStatusInService, Variant: "main", Images: map[string]string{}}
	for i := range r.Subject.Containers {
		given := &r.Subject.Containers[i]
		d := types.ContainerDefinition{Image: aws.String(given.Image), Environment: given.Environment}
		if given.Hostname != "" {
			d.ContainerHostname = aws.String(given.Hostname)
		}
		if given.Artifact != nil {
			d.ModelDataUrl = aws.String(given.Artifact.URI)
		}
		e.Containers, e.Images[given.Image] = append(e.Containers, d), given.Image
	}
	c.Endpoints[name] = e
	return e
}

// DescribeEndpoint is the operation of SageMaker.
func (c *Cloud) DescribeEndpoint(
	_ context.Context, in *sagemaker.DescribeEndpointInput, _ ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointOutput, error) {
	name := *in.EndpointName
	arn := "arn:aws:sagemaker:eu-west-1:" + Account + ":endpoint/" + name
	e, ok := c.Endpoints[name]
	if !ok {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: `Could not find endpoint "` + arn + `".`}
	}
	out := &sagemaker.DescribeEndpointOutput{
		EndpointName: &name, EndpointArn: &arn, EndpointStatus: e.Status, EndpointConfigName: aws.String(name + "-config"),
	}
	if e.FailureReason != "" {
		out.FailureReason = &e.FailureReason
	}
	if e.Status == types.EndpointStatusCreating {
		return out, nil
	}
	summary := types.ProductionVariantSummary{VariantName: &e.Variant}
	for asked, image := range e.Images {
		summary.DeployedImages = append(summary.DeployedImages, types.DeployedImage{
			SpecifiedImage: &asked, ResolvedImage: &image, ResolutionTime: &Resolved,
		})
	}
	if e.Shadow {
		out.ShadowProductionVariants = []types.ProductionVariantSummary{summary}
	} else {
		out.ProductionVariants = []types.ProductionVariantSummary{summary}
	}
	return out, nil
}

// DescribeEndpointConfig is the operation of SageMaker.
func (c *Cloud) DescribeEndpointConfig(
	_ context.Context, in *sagemaker.DescribeEndpointConfigInput, _ ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointConfigOutput, error) {
	name := strings.TrimSuffix(*in.EndpointConfigName, "-config")
	variants := []types.ProductionVariant{{VariantName: &c.Endpoints[name].Variant, ModelName: &name}}
	if c.Endpoints[name].Shadow {
		return &sagemaker.DescribeEndpointConfigOutput{ShadowProductionVariants: variants}, nil
	}
	return &sagemaker.DescribeEndpointConfigOutput{ProductionVariants: variants}, nil
}

// DescribeModel is the operation of SageMaker.
func (c *Cloud) DescribeModel(
	_ context.Context, in *sagemaker.DescribeModelInput, _ ...func(*sagemaker.Options),
) (*sagemaker.DescribeModelOutput, error) {
	containers := c.Endpoints[*in.ModelName].Containers
	if len(containers) == 1 {
		return &sagemaker.DescribeModelOutput{PrimaryContainer: &containers[0]}, nil
	}
	return &sagemaker.DescribeModelOutput{Containers: containers}, nil
}

// HeadObject is the operation of Amazon S3.
func (c *Cloud) HeadObject(
	_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options),
) (*s3.HeadObjectOutput, error) {
	content, ok := c.Objects["s3://"+*in.Bucket+"/"+*in.Key]
	if !ok {
		return nil, &s3types.NotFound{}
	}
	out := &s3.HeadObjectOutput{ContentLength: aws.Int64(int64(len(content)))}
	if sum := sha256.Sum256(content); !c.NoChecksums && in.ChecksumMode == s3types.ChecksumModeEnabled {
		out.ChecksumSHA256 = aws.String(base64.StdEncoding.EncodeToString(sum[:]))
		out.ChecksumType = s3types.ChecksumTypeFullObject
	}
	return out, nil
}

// GetObject is the operation of Amazon S3.
func (c *Cloud) GetObject(
	_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options),
) (*s3.GetObjectOutput, error) {
	content, ok := c.Objects["s3://"+*in.Bucket+"/"+*in.Key]
	if !ok {
		return nil, &s3types.NoSuchKey{}
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(content))}, nil
}

// PutObject is the operation of Amazon S3. It keeps its promises: no content but the one announced, and none twice.
func (c *Cloud) PutObject(
	_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options),
) (*s3.PutObjectOutput, error) {
	uri := "s3://" + *in.Bucket + "/" + *in.Key
	if _, there := c.Objects[uri]; there && aws.ToString(in.IfNoneMatch) == "*" {
		return nil, &smithy.GenericAPIError{Code: "PreconditionFailed", Message: "At least one of the pre-conditions failed"}
	}
	content, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	if announced := aws.ToString(in.ChecksumSHA256); announced != base64.StdEncoding.EncodeToString(sum[:]) {
		return nil, &smithy.GenericAPIError{Code: "BadDigest", Message: "The checksum did not match"}
	}
	c.Objects[uri] = content
	return &s3.PutObjectOutput{}, nil
}
