package integrations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/stepfunctions/asl"
)

// Members of an answer that say how it came.
const (
	httpMetadata     = "SdkHttpMetadata"
	responseMetadata = "SdkResponseMetadata"
)

// transformJobs asks SageMaker. The parameters of a Task are the request as it is sent, so that it is SageMaker that
// says what is wrong with them.
type transformJobs struct {
	url  string
	http *http.Client
}

// ask makes a request.
func (t transformJobs) ask(ctx context.Context, region, operation string, input any) (map[string]any, error) {
	body := asl.Encode(input)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("request to SageMaker: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set(awsjson.TargetHeader, "SageMaker."+operation)
	sum := sha256.Sum256([]byte(body))
	err = v4.NewSigner().SignHTTP(ctx, aws.Credentials{AccessKeyID: caller, SecretAccessKey: caller}, request,
		hex.EncodeToString(sum[:]), "sagemaker", region, time.Now())
	if err != nil {
		return nil, fmt.Errorf("request to SageMaker: %w", err)
	}
	response, err := t.http.Do(request)
	if err != nil {
		if ctxErr := ended(err); ctxErr != nil {
			return nil, ctxErr
		}
		return nil, unreachable("SageMaker", err)
	}
	defer response.Body.Close()
	value, err := asl.Decode(string(discard(response.Body)))
	answer, isObject := value.(map[string]any)
	switch {
	case response.StatusCode != http.StatusOK:
		return nil, refusal(response, answer)
	case err != nil || !isObject:
		return nil, unreachable("SageMaker", fmt.Errorf("the answer is no JSON object"))
	}
	answer[httpMetadata] = map[string]any{
		"AllHttpHeaders": headers(response.Header, func(values []string) any { return anyOf(values) }),
		"HttpHeaders":    headers(response.Header, func(values []string) any { return strings.Join(values, ", ") }),
		"HttpStatusCode": json.Number(strconv.Itoa(response.StatusCode)),
	}
	answer[responseMetadata] = map[string]any{"RequestId": response.Header.Get("X-Amzn-Requestid")}
	return answer, nil
}

func headers(all http.Header, shown func([]string) any) map[string]any {
	object := map[string]any{}
	for name, values := range all {
		object[name] = shown(values)
	}
	return object
}

func anyOf(values []string) []any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = value
	}
	return list
}

// jobExceptions are the errors of SageMaker that have an exception of their own.
var jobExceptions = []string{"ConflictException", "ResourceInUse", "ResourceLimitExceeded", "ResourceNotFound"}

// refusal names and words an error as the integration of SageMaker does.
func refusal(response *http.Response, answer map[string]any) error {
	code, _ := answer["__type"].(string)
	code = code[strings.LastIndexByte(code, '#')+1:]
	message, ok := answer["message"].(string)
	if !ok {
		message = "null"
	}
	name := "AmazonSageMaker"
	if slices.Contains(jobExceptions, code) {
		name = code
	}
	return &asl.Error{
		Name: "SageMaker." + exception(name),
		Cause: fmt.Sprintf("%s (Service: AmazonSageMaker; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)",
			message, response.StatusCode, code, response.Header.Get("X-Amzn-Requestid")),
	}
}

// milliseconds turns seconds since 1970 into milliseconds.
func milliseconds(moment json.Number) json.Number {
	seconds, err := moment.Float64()
	if err != nil {
		return moment
	}
	return json.Number(strconv.FormatInt(int64(math.Round(seconds*1000)), 10))
}
