package deliveries

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// Executions starts executions of state machines.
type Executions interface {
	// StartExecution starts one with a name of its own and an input in JSON. A name that the state machine has had is
	// refused with ExecutionAlreadyExists, which counts as started.
	StartExecution(ctx context.Context, region, stateMachineARN, name, input string) error
}

// targets reaches what messages can be delivered to.
type targets struct {
	url        string
	executions Executions
	topics     *protocol.Clients[*sns.Client]
}

func newTargets(url string, executions Executions) *targets {
	return &targets{
		url: url, executions: executions,
		topics: protocol.NewClients(url, "events", func(c aws.Config) *sns.Client {
			// The queue tries again by itself.
			return sns.NewFromConfig(c, func(o *sns.Options) { o.RetryMaxAttempts = 1 })
		}),
	}
}

// Takes reports whether messages can be delivered to a target: a state machine, an SNS topic or an SQS queue.
func Takes(targetARN string) bool {
	switch arnPart(targetARN, 2) {
	case "states":
		return strings.HasPrefix(arnPart(targetARN, 5), "stateMachine:")
	case "sns", "sqs":
		return true
	default:
		return false
	}
}

// deliver hands over one message.
func (t *targets) deliver(ctx context.Context, d Delivery) error {
	switch arnPart(d.TargetARN, 2) {
	case "states":
		err := t.executions.StartExecution(ctx, d.region(), d.TargetARN, d.ID, d.input())
		if codeOf(err) == "ExecutionAlreadyExists" {
			// The name is this delivery's alone: an earlier attempt has come through.
			return nil
		}
		return err
	case "sns":
		message := d.input()
		_, err := t.topics.Of(d.region()).Publish(ctx, &sns.PublishInput{TopicArn: &d.TargetARN, Message: &message})
		return err
	default:
		return t.send(ctx, d)
	}
}

// refusal is what SQS answers to a message that it does not take.
type refusal struct {
	status int
	body   string
}

func (r *refusal) Error() string { return fmt.Sprintf("SendMessage: status %d: %s", r.status, r.body) }

// maxRefusal is how much of SQS's answer is worth telling, in bytes.
const maxRefusal = 1 << 10

// send puts a message into a queue. It is one request, for which no client is worth its weight.
func (t *targets) send(ctx context.Context, d Delivery) error {
	message := map[string]string{
		"QueueUrl":    fmt.Sprintf("%s/%s/%s", t.url, arnPart(d.TargetARN, 4), arnPart(d.TargetARN, 5)),
		"MessageBody": d.input(),
	}
	if d.MessageGroup != "" {
		message["MessageGroupId"] = d.MessageGroup
	}
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set(awsjson.TargetHeader, "AmazonSQS.SendMessage")
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	// Nobody verifies signatures; the scope says for which service and region the request is.
	request.Header.Set("Authorization", fmt.Sprintf(
		"AWS4-HMAC-SHA256 Credential=events/20260101/%s/sqs/aws4_request, SignedHeaders=host, Signature=0", d.region()))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	// What could be read of the reason has to do.
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxRefusal))
	return &refusal{answer.StatusCode, string(text)}
}

// codeOf is the code of a service's error; empty for any other.
func codeOf(err error) string {
	if told, ok := errors.AsType[*awsjson.Error](err); ok {
		return told.Code
	}
	if told, ok := errors.AsType[smithy.APIError](err); ok {
		return told.ErrorCode()
	}
	return ""
}

// final reports whether an error comes again however often one tries: the target is not there, or refuses the input.
// EventBridge does not try such targets again.
func final(err error) bool {
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused.status < http.StatusInternalServerError && !passing(refused.body)
	}
	code := codeOf(err)
	return code != "" && !passing(code)
}

// passing reports whether a code, or a text with one, tells of something that passes.
func passing(code string) bool {
	for _, part := range []string{"Throttl", "TooManyRequests", "LimitExceeded", "Internal", "Unavailable", "Timeout"} {
		if strings.Contains(code, part) {
			return true
		}
	}
	return false
}
