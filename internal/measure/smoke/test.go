package smoke

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"

	"sagehost/internal/live/inservice"
	"sagehost/internal/release"
	"sagehost/kit/check"
)

// Runtime is what is asked for predictions; a *sagemakerruntime.Client is one. It should not try again by itself: a
// request that fails is what the test is to find.
type Runtime interface {
	InvokeEndpoint(
		context.Context, *sagemakerruntime.InvokeEndpointInput, ...func(*sagemakerruntime.Options),
	) (*sagemakerruntime.InvokeEndpointOutput, error)
	InvokeEndpointAsync(
		context.Context, *sagemakerruntime.InvokeEndpointAsyncInput, ...func(*sagemakerruntime.Options),
	) (*sagemakerruntime.InvokeEndpointAsyncOutput, error)
}

// Objects is where requests to asynchronous endpoints and their answers lie; an *s3.Client is one.
type Objects interface {
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Test is golden requests and the endpoint that is to answer them.
type Test struct {
	// File has the requests. Required.
	File *File
	// Endpoint is what serves. Required.
	Endpoint *inservice.Endpoint
	// Runtime answers. Required.
	Runtime Runtime
	// Objects holds requests and answers of an asynchronous endpoint, which needs it.
	Objects Objects
	// Input is the s3:// folder that an asynchronous endpoint may read requests from. Default: that which the stack gives
	// to callers, in the bucket of the answers.
	Input string
	// AsyncTimeout is how long to wait for an asynchronous answer. Default: DefaultAsyncTimeout.
	AsyncTimeout time.Duration
	// Models lists the archives of a multi-model endpoint, which needs it for cases with a model.
	Models func(context.Context) ([]string, error)
}

// asked is a case with the variant that it goes to.
type asked struct {
	*Case

	// variant is empty where there is nothing to choose.
	variant string
	// cold says that the first answer may take long: nothing has to be loaded yet.
	cold bool
}

// Run asks all requests, one after the other. What the endpoint answers is in the report, right or wrong; the error is
// for what keeps the test from being made.
func (t *Test) Run(ctx context.Context) (*Report, error) {
	report := &Report{Endpoint: t.Endpoint.Name}
	models, err := t.models(ctx)
	if err != nil {
		return nil, err
	}
	for i := range t.File.Cases {
		c := &t.File.Cases[i]
		plan, problem := t.plan(c)
		if problem != "" {
			report.add(Outcome{Case: c.Name, Variant: c.Variant, Result: release.Fail, Problem: problem})
			continue
		}
		for _, a := range plan {
			outcome := Outcome{Case: c.Name, Variant: a.variant, Result: release.Pass}
			if c.Model != "" && !slices.Contains(models, c.Model) {
				outcome.Result, outcome.Problem = release.Inconclusive, missing(c.Model, models)
			} else {
				t.ask(ctx, a, report, &outcome)
			}
			report.add(outcome)
		}
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("endpoint %q: %w", t.Endpoint.Name, err)
		}
	}
	return report, nil
}

// models are the archives that are there, where a case names one.
func (t *Test) models(ctx context.Context) ([]string, error) {
	wanted := slices.ContainsFunc(t.File.Cases, func(c Case) bool { return c.Model != "" })
	if !wanted || t.Models == nil {
		return nil, nil
	}
	models, err := t.Models(ctx)
	if err != nil {
		return nil, fmt.Errorf("models of endpoint %q: %w", t.Endpoint.Name, err)
	}
	return models, nil
}

// missing says that a model was not added. The test adds none: what it finds is what the endpoint serves.
func missing(model string, models []string) string {
	has := "there are none"
	if len(models) > 0 {
		has = "there are " + bounded(strings.Join(models, ", "))
	}
	return fmt.Sprintf("the endpoint has no model %q; %s; its archive must be added first, with models add", model, has)
}

// plan is what a case asks, or why it cannot be asked.
func (t *Test) plan(c *Case) ([]asked, string) {
	names := t.Endpoint.VariantNames()
	switch {
	case t.Endpoint.Async != nil && c.Variant+c.Model+c.Container != "":
		return nil, "an asynchronous endpoint takes no variant, model or container; leave them out"
	case t.Endpoint.Async != nil:
		return []asked{{Case: c}}, ""
	case c.Variant != "" && !slices.Contains(names, c.Variant):
		return nil, fmt.Sprintf("the endpoint has no variant %q; it has %s%s",
			c.Variant, strings.Join(names, ", "), check.DidYouMean(c.Variant, names))
	}
	var plan []asked
	for i := range t.Endpoint.Variants {
		v := &t.Endpoint.Variants[i]
		if c.Variant == "" || c.Variant == v.Name {
			plan = append(plan, asked{Case: c, variant: v.Name, cold: v.Serverless || c.Model != ""})
		}
	}
	return plan, ""
}

// ask sends the requests of a case until one is not answered as expected. Where something may have to be loaded first,
// a request more is sent, whose time is reported by itself.
func (t *Test) ask(ctx context.Context, a asked, report *Report, outcome *Outcome) {
	more := 0
	if a.cold {
		more = 1
	}
	for n := range a.requests() + more {
		first := n < more
		got, took, err := t.once(ctx, a, first)
		if ctx.Err() != nil {
			return
		}
		report.count(took, first)
		if problem := a.Expect.judge(got, err); problem != "" {
			outcome.Result, outcome.Problem = release.Fail, problem
			if err != nil || got.status != a.Expect.status() {
				report.Errors++
			}
			return
		}
	}
}

// judge says what is wrong with an answer, or that there is none.
func (e *Expect) judge(got answer, err error) string {
	switch {
	case err != nil:
		return bounded(oneLine(err.Error()))
	case !got.is(e.status()):
		return fmt.Sprintf("the status is %s; expected %d; the answer is %s", got.says(), e.status(), shown(got.body))
	default:
		return e.difference(got.body)
	}
}
