package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/spf13/cobra"

	"sagehost/components/scaling"
	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/loadtest"
	"sagehost/internal/measure/smoke"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// loadtestFlags are the flags of loadtest.
type loadtestFlags struct {
	loadtest.Options

	variant, name, report string
	safetyFactor          float64
	force                 bool
}

func newLoadtest(a *app) *cobra.Command {
	f := &loadtestFlags{}
	command := &cobra.Command{
		Use:   "loadtest ENDPOINT",
		Short: "Find the highest rate that one instance holds, and the scaling target that follows",
		Long: "loadtest sends the requests of smoke/<endpoint>.yaml at a constant rate, which it doubles until more than\n" +
			"1 of 100 is late or fails, and then closes in on the limit. It prints what to write into the\n" +
			"settings, and leaves a page with a chart. It exits with 3 when it ended before it knew the limit.",
		Example: "  sagehost loadtest flowers --latency 100ms",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			m, err := a.measuring(cmd.Context())
			if err != nil {
				return err
			}
			return m.loadtest(cmd.Context(), f, args[0])
		},
	}
	f.add(command)
	a.addCloudFlag(command)
	return command
}

func (f *loadtestFlags) add(command *cobra.Command) {
	flags := command.Flags()
	flags.DurationVar(&f.Latency, "latency", 0, "the time within which 99 of 100 requests must be answered (required)")
	flags.StringVar(&f.variant, "variant", "", "the variant to measure, where there are several")
	flags.StringVar(&f.name, "case", "", "the only case of the file to send (default all that expect status 200, in turn)")
	flags.Float64Var(&f.safetyFactor, "safety-factor", scaling.DefaultSafetyFactor, "the share of the rate to hold")
	flags.Float64Var(&f.StartRate, "start", loadtest.DefaultStartRate, "the first rate, in requests per second")
	flags.Float64Var(&f.MaxRate, "max-rate", loadtest.DefaultMaxRate, "the highest rate to try")
	flags.Float64Var(&f.ErrorRate, "error-rate", loadtest.DefaultErrorRate, "the share of requests that may fail")
	flags.DurationVar(&f.StepTime, "step", loadtest.DefaultStepTime, "how long to try each rate")
	flags.DurationVar(&f.WarmUp, "warm-up", loadtest.DefaultWarmUp, "how long to send the first rate before it counts")
	flags.DurationVar(&f.MaxTime, "max-time", loadtest.DefaultMaxTime, "how long the test may take")
	flags.IntVar(&f.MaxRequests, "max-requests", loadtest.DefaultMaxRequests, "how many requests the test may send")
	flags.StringVar(&f.report, "report", "", "the page to write (default reports/loadtest-<endpoint>-<stack>.html)")
	flags.BoolVar(&f.force, "force", false, "test an endpoint that is protected, as production is")
}

func (f *loadtestFlags) check() error {
	at := check.New("")
	f.Check(at)
	if !(f.safetyFactor > 0 && f.safetyFactor <= 1) {
		at.Key("safety-factor").Addf("%v is not above 0 and at most 1", f.safetyFactor)
	}
	return at.Err()
}

func (m *measuring) loadtest(ctx context.Context, f *loadtestFlags, key string) error {
	if _, err := m.endpoints([]string{key}); err != nil {
		return err
	}
	if err := m.allowLoad(key, f.force); err != nil {
		return err
	}
	cases, err := m.loadCases(key, f.name)
	if err != nil {
		return err
	}
	endpoint, err := inservice.Describe(ctx, m.hosting, settings.EndpointName(key, m.stack))
	if err != nil {
		return err
	}
	target, err := loadtest.Choose(endpoint, f.variant)
	if err != nil {
		return err
	}
	cases = slices.DeleteFunc(cases, func(c smoke.Case) bool {
		return c.Variant != "" && c.Variant != target.Variant.Name
	})
	if len(cases) == 0 {
		return fmt.Errorf("no case of %s/%s.yaml is for variant %q", smoke.Folder, key, target.Variant.Name)
	}
	report := &loadtest.Report{
		Title: fmt.Sprintf("%s, variant %s: %d × %s", endpoint.Name, target.Variant.Name, target.Variant.Instances,
			target.Variant.InstanceType),
		Options: &f.Options,
	}
	if !m.aws {
		report.Notes = []string{fmt.Sprintf("This was measured on the local AWS: it says what this machine holds, "+
			"and nothing of %s.", target.Variant.InstanceType)}
	}
	fmt.Fprintln(m.out, report.Title)
	report.Result, err = f.Run(ctx, target.Sender(m.loadClient(), cases), target.Unchanged(m.hosting), m.out)
	if err != nil {
		return err
	}
	return m.loadReport(f, key, target, report)
}

// allowLoad refuses what nobody wants to load by mistake.
func (m *measuring) allowLoad(key string, force bool) error {
	e := m.settings.Endpoints[key]
	protected := e.Protect || m.settings.Storage.Protect || m.settings.Encryption.Protect
	if !protected || force {
		return nil
	}
	return fmt.Errorf("endpoint %q of stack %q is protected, and a load test would cost its callers their answers; "+
		"test another stack, or insist with --force", key, m.stack)
}

// loadCases are the requests to send.
func (m *measuring) loadCases(key, name string) ([]smoke.Case, error) {
	file, err := smoke.Load(m.root, key)
	if err != nil {
		return nil, err
	}
	cases := slices.DeleteFunc(slices.Clone(file.Cases), func(c smoke.Case) bool {
		return name != "" && c.Name != name || name == "" && !c.Expect.Succeeds()
	})
	if len(cases) > 0 {
		return cases, nil
	}
	var names []string
	for i := range file.Cases {
		names = append(names, file.Cases[i].Name)
	}
	if name == "" {
		return nil, fmt.Errorf("no case of %s/%s.yaml expects status 200", smoke.Folder, key)
	}
	return nil, fmt.Errorf("%s/%s.yaml has no case %q%s", smoke.Folder, key, name, check.DidYouMean(name, names))
}

// loadClient keeps as many connections as requests are under way, and tries nothing again: the rate is what is sent.
func (m *measuring) loadClient() *sagemakerruntime.Client {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConns, t.MaxIdleConnsPerHost, t.IdleConnTimeout = 0, loadtest.MaxInFlight, time.Minute
	})
	return sagemakerruntime.NewFromConfig(m.config, func(o *sagemakerruntime.Options) {
		o.HTTPClient, o.Retryer = client, aws.NopRetryer{}
	})
}

// loadReport says and writes what was found.
func (m *measuring) loadReport(f *loadtestFlags, key string, target *loadtest.Target, report *loadtest.Report) error {
	if best := report.Result.Best; best != nil {
		advice := loadtest.Advise(best, target.Variant.Instances, f.safetyFactor)
		report.Advice = &advice
	}
	path := f.report
	if path == "" {
		path = filepath.Join(m.root, "reports", fmt.Sprintf("loadtest-%s-%s.html", key, m.stack))
	}
	if err := report.Write(path); err != nil {
		return err
	}
	fmt.Fprintln(m.out, report.Summary())
	for _, note := range report.Notes {
		fmt.Fprintln(m.out, note)
	}
	if report.Advice != nil {
		fmt.Fprintf(m.out, "\nFor one instance of variant %s, in %s:\n\n%s\n", target.Variant.Name,
			"sagehost:endpoints."+key+".variants", report.Advice.YAML())
	}
	fmt.Fprintf(m.out, "The chart is in %s\n", path)
	switch {
	case report.Result.Stopped != "":
		return fmt.Errorf("load test: %w", errInconclusive)
	case report.Result.Best == nil:
		return errors.New("load test: no rate was held")
	default:
		return nil
	}
}
