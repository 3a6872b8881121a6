package localaws

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/containers/usage"
	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/rpccbor"
	"sagehost/localaws/services/autoscaling"
	"sagehost/localaws/services/cloudwatch/alarms"
	"sagehost/localaws/services/cloudwatch/containerlogs"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/eventbridge/deliveries"
	"sagehost/localaws/services/eventbridge/events"
	"sagehost/localaws/services/eventbridge/scheduler"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/services/runtime"
	"sagehost/localaws/services/sagemaker"
	"sagehost/localaws/services/stepfunctions"
	"sagehost/localaws/services/stepfunctions/integrations"
	"sagehost/localaws/services/tagging"
	"sagehost/localaws/services/transform"
	"sagehost/localaws/world/faults"
	"sagehost/localaws/world/state"
)

// services are the fakes, connected with each other and with the emulator.
type services struct {
	options    Options
	faults     *faults.Faults
	hosting    *sagemaker.Fake
	scaling    *autoscaling.Fake
	runtime    *runtime.Runtime
	jobs       *transform.Jobs
	workflows  *stepfunctions.Fake
	recorder   *metrics.Recorder
	lines      *containerlogs.Writer
	alarms     *alarms.Evaluator
	batch      *batch
	usage      *usage.Sampler
	ticks      ticks
	containers *serving.Host
	deliveries *deliveries.Queue
	events     *events.Router
	scheduler  *scheduler.Scheduler

	running sync.WaitGroup
	stop    context.CancelFunc
}

// newServices makes the fakes. They ask each other and the emulator at url, which is the gateway's own, so that
// failures on demand reach them as well. Requests that they do not know go to other. Resumed says that they go on with
// what an earlier process has left.
func newServices(url string, other http.Handler, options Options, resumed bool) (*services, error) {
	s := &services{
		options:  options,
		faults:   faults.New(faults.Options{Clock: options.Clock, Log: options.Log}),
		recorder: metrics.NewRecorder(metrics.Options{URL: url, Clock: options.Clock, Log: options.Log}),
		lines:    containerlogs.New(containerlogs.Options{URL: url, Clock: options.Clock, Log: options.Log}),
	}
	kept := state.Dir("")
	if options.Keep {
		kept = state.Dir(stateDir(options.Dir))
	}
	s.ticks = ticks{clock: options.Clock, state: kept}
	if err := s.ticks.resume(); err != nil {
		return nil, err
	}
	store := objects.New(url)
	start, err := s.starter(store)
	if err != nil {
		return nil, err
	}
	if err := s.host(url, store, kept, start, other); err != nil {
		return nil, err
	}
	s.scaling = autoscaling.New(autoscaling.Options{
		Clock: options.Clock.Now, Pace: options.Clock, Endpoints: s.hosting, Scaler: s.hosting,
		CloudWatch: cloudWatchAt(url), State: kept, Other: other, Log: options.Log,
	})
	s.hosting.SetScaling(s.scaling)
	s.alarms = alarms.New(alarms.Options{
		URL: url, Clock: options.Clock, Series: s.recorder, Regions: s.hosting.Regions, Resumed: resumed, Log: options.Log,
		Actions: map[string]alarms.Action{"sns": alarms.SNS(url), "autoscaling": s.runPolicy},
	})
	s.hosting.SetAlarms(s.alarms)
	s.runtime = runtime.New(runtime.Options{
		Endpoints: s.hosting, Metrics: s.recorder, Objects: store, Topics: newTopics(url), Clock: options.Clock,
		Log: options.Log, Other: other,
	})
	s.usage = usage.New(usage.Options{
		Running: func() []usage.Running { return append(s.hosting.Containers(), s.batch.Containers()...) },
		Metrics: s.recorder, Clock: options.Clock, Log: options.Log,
	})
	s.workflows = stepfunctions.New(stepfunctions.Options{
		Clock: options.Clock, Catalog: integrations.New(url), Metrics: s.recorder, Logs: newLogGroups(url), State: kept,
		Log: options.Log,
	})
	if err := s.connectEvents(url, kept); err != nil {
		return nil, err
	}
	if err := errors.Join(s.scaling.Restore(), s.workflows.Restore()); err != nil {
		return nil, err
	}
	return s, s.hosting.Restore()
}

// starter starts containers; nil when there is no checkout to find them in.
func (s *services) starter(store *objects.Store) (sagemaker.Start, error) {
	if s.options.Root == "" {
		return nil, nil //nolint:nilnil // endpoints come into service without them
	}
	path := ImagesPath(s.options.Dir)
	if err := serving.WriteDefaultImages(path); err != nil {
		return nil, err
	}
	images, err := serving.LoadImages(path, s.options.Root)
	if err != nil {
		return nil, err
	}
	s.containers = serving.New(serving.Options{
		Images: images, Objects: store, Clock: s.options.Clock, Dir: filepath.Join(s.options.Dir, "containers"),
		Log: s.options.Log, Lines: s.lines,
	})
	return func(ctx context.Context, spec serving.Spec) (sagemaker.Fleet, error) {
		return s.containers.Start(ctx, spec)
	}, nil
}

// host makes the fakes of SageMaker's control plane.
func (s *services) host(
	url string, store *objects.Store, kept state.Dir, start sagemaker.Start, other http.Handler,
) error {
	var err error
	s.batch = &batch{start: start, running: map[*jobFleet]bool{}}
	// The jobs are part of the same API as the models that they ask for.
	models := &lateModels{}
	s.jobs, err = transform.New(transform.Options{
		Models: models, Objects: store, Clock: s.options.Clock, State: kept, Log: s.options.Log,
		Start: s.batch.Start, Lines: s.lines,
	})
	if err != nil {
		return err
	}
	s.hosting = sagemaker.New(sagemaker.Options{
		Clock: s.options.Clock.Now, Durations: s.options.Durations, Start: start, Metrics: s.recorder, State: kept,
		More: s.jobs.Operations(), Tagged: s.jobs, Digest: digests(url), Objects: modelData{store},
		Other: withoutSearch(other),
		Log:   s.options.Log,
	})
	models.Fake = s.hosting
	return nil
}

// lateModels is the models of a fake that is made later.
type lateModels struct{ *sagemaker.Fake }

func cloudWatchAt(url string) func(region string) autoscaling.CloudWatch {
	return protocol.NewClients(url, "autoscaling", func(c aws.Config) autoscaling.CloudWatch {
		return cloudwatch.NewFromConfig(c)
	}).Of
}

// runPolicy lets an alarm act on Application Auto Scaling.
func (s *services) runPolicy(ctx context.Context, e alarms.Event) error {
	return s.scaling.RunPolicy(ctx, autoscaling.Event{
		Region: e.Region, PolicyARN: e.ActionARN, AlarmName: e.AlarmName, Value: e.Value, Threshold: e.Threshold, At: e.At,
	})
}

// run does what happens without a request, until close.
func (s *services) run() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	for _, part := range []func(context.Context){
		s.recorder.Run, s.lines.Run, s.alarms.Run, s.scaling.Run, s.runtime.Run, s.hosting.Run, s.usage.Run, s.ticks.run,
		s.deliveries.Run, s.scheduler.Run,
		s.workflows.Run,
	} {
		s.running.Go(func() { part(ctx) })
	}
}

// close ends what run has begun, and all containers.
func (s *services) close() {
	s.stop()
	// Executions ask for jobs.
	s.workflows.Close()
	s.jobs.Close()
	s.running.Wait()
	if s.containers != nil {
		s.containers.Close()
	}
}

// gateway is the door to all services.
func (s *services) gateway(other http.Handler, health health) http.Handler {
	local := http.NewServeMux()
	local.Handle("GET "+healthPath, health)
	local.Handle("/_local/sagemaker/", s.hosting.Admin())
	local.Handle("/_local/faults", s.faults.Admin())
	local.Handle("/_local/faults/", s.faults.Admin())
	local.Handle("/_local/clock", clockHandler{s.options.Clock})
	local.Handle("/_local/sagemaker/transform-jobs/next", s.jobs.Admin())
	local.HandleFunc("GET /_local/sagemaker/transform-jobs/{name}/progress", s.serveProgress)
	// Failures on demand, and everything behind them, know the protocol of JSON alone.
	return rpccbor.Wrap(s.faults.Wrap(&gateway{
		routes: []route{
			{service: "sagemaker", target: s.hosting.Prefix + ".", handler: s.hosting},
			{service: "application-autoscaling", target: s.scaling.Prefix + ".", handler: s.scaling},
			{service: "states", target: s.workflows.Prefix + ".", handler: s.workflows},
		},
		invocations: s.runtime,
		local:       local,
		other:       tagging.Wrap(s.scheduler.Wrap(s.events.Wrap(other))),
	}))
}
