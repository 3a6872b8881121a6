package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/delivery/remeasure"
	"sagehost/internal/live/cloud"
	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation"
	"sagehost/internal/release/gates"
	"sagehost/internal/release/metrics"
)

// evaluateFlags are the flags of evaluate.
type evaluateFlags struct {
	request   evaluation.Request
	kind      string
	threshold float64
	batch, to string
	limits    limitFlags
	out       string
}

func newEvaluate(a *app) *cobra.Command {
	f := &evaluateFlags{}
	command := &cobra.Command{
		Use:   "evaluate MODEL",
		Short: "Measure a model on a held-out set, through the stack's own batch",
		Long: "evaluate has a batch of the stack predict the rows of a held-out set, compares the predictions with the\n" +
			"labels, writes the metrics and a page to look at, and records them in the release that the stack names.\n" +
			"Exit status: 0 if all limits hold or none is set, 1 if one does not hold, 3 if that is inconclusive. Without\n" +
			"limits the result is \"measured\", which no gate takes for a pass.",
		Example: "  sagehost evaluate flowers --data examples/flowers/data/held-out.csv --label species\n" +
			"  sagehost evaluate flowers --data s3://bucket/held-out.csv --label species --to prod",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("threshold") {
				f.request.Threshold = &f.threshold
			}
			limits, err := f.limits.parse()
			if err != nil {
				return err
			}
			m, err := a.measuring(cmd.Context())
			if err != nil {
				return err
			}
			return m.evaluate(cmd.Context(), f, args[0], limits)
		},
	}
	flags := command.Flags()
	flags.StringVar(&f.request.Data, "data", "",
		"the held-out set, comma-separated values with a header: a file or s3:// URI")
	flags.StringVar(&f.request.Label, "label", "", "the column that holds what is true")
	flags.StringVar(&f.batch, "batch", "", "the batch that runs the model (default: the only one that does)")
	flags.StringVar(&f.request.Run, "run", "",
		"a run of an earlier evaluation of the same set: compare its predictions, and start nothing")
	flags.StringVar(&f.kind, "kind", "", "classification or regression (default: what the labels look like)")
	flags.StringVar(&f.request.Positive, "positive", "",
		"the class of two that AUC and --threshold are of (default: the last by name)")
	flags.Float64Var(&f.threshold, "threshold", 0,
		"for answers of one number, the probability of the positive class: predict it from here on (0 to 1)")
	flags.StringVar(&f.to, "to", "",
		"the stack whose sagehost:promotion says what is demanded, and whose release to compare with")
	flags.StringVar(&f.out, "out", "",
		"the folder for report.html and metrics.json (default reports/evaluation-<model>-<stack>)")
	f.limits.add(command)
	for _, name := range []string{"data", "label"} {
		_ = command.MarkFlagRequired(name) // there is one
	}
	a.addCloudFlag(command)
	return command
}

// arguments are the flags that measure the same again, in another stack, too.
func (f *evaluateFlags) arguments() []string {
	arguments := []string{"--data", f.request.Data, "--label", f.request.Label}
	for _, flag := range []struct{ name, value string }{{"--kind", f.kind}, {"--positive", f.request.Positive}} {
		if flag.value != "" {
			arguments = append(arguments, flag.name, flag.value)
		}
	}
	if f.request.Threshold != nil {
		arguments = append(arguments, "--threshold", strconv.FormatFloat(*f.request.Threshold, 'g', -1, 64))
	}
	return arguments
}

func (m *measuring) evaluate(ctx context.Context, f *evaluateFlags, model string, limits gates.Evaluation) error {
	demanded, production, err := m.demandedOf(f.to, model)
	if err != nil {
		return err
	}
	for name, limit := range demanded {
		if _, given := limits[name]; !given {
			limits[name] = limit
		}
	}
	name, err := batchOf(m.settings, m.stack, model, f.batch)
	if err != nil {
		return err
	}
	batch, watch, err := m.batch(ctx, name)
	if err != nil {
		return err
	}
	recorder, running, err := m.batchRecorder(ctx, model, batch)
	if err != nil {
		return err
	}
	request := f.request
	request.Batch, request.Objects, request.Watch = batch, cloud.S3(m.config), watch
	request.Kind = metrics.Kind(f.kind)
	request.Step = func(text string) { fmt.Fprintln(m.out, text) }
	result, err := evaluation.Run(ctx, request)
	if err != nil {
		return err
	}
	baseline := gates.Baseline(production, result.Data, !m.local, m.stack, f.to)
	e := &evaluated{
		model: model, stack: m.stack, release: m.settings.Models[model].Release, result: result, baseline: baseline,
		judgement: limits.Judge(result.Measured(), baseline),
	}
	e.print(m.out)
	folder := cmp.Or(f.out, filepath.Join(m.root, "reports", "evaluation-"+model+"-"+m.stack))
	if err := e.write(m.out, folder); err != nil {
		return err
	}
	err = m.record(ctx, recorder, &evidence.Measured{
		At: result.Ended, Gate: gates.GateEvaluation, Result: e.judgement.Result, Reasons: e.reasons(),
		Measurements: result.Summary.Measurements(), Data: result.Data, Arguments: f.arguments(), Config: running,
	})
	if err != nil {
		return err
	}
	if e.judgement.LacksBaseline() && f.to != "" {
		again := remeasure.Gate{Commands: m.commands(m.config), Model: model, To: f.to}
		fmt.Fprintf(m.out, "to decide it: %s\n", again.Baseline(f.arguments()))
	}
	return verdict("evaluation", e.judgement.Result)
}

// batchRecorder writes evidence of the model that a batch runs, and tells the model's name in SageMaker.
func (m *measuring) batchRecorder(
	ctx context.Context, model string, batch *batchrun.Batch,
) (recorder *evidence.Recorder, running string, err error) {
	serving, err := m.serving(m.config, m.file)
	if err != nil {
		return nil, "", err
	}
	name := func(ctx context.Context) (string, error) {
		job, err := batch.Job(ctx)
		if err != nil {
			return "", err
		}
		return job.ModelName, nil
	}
	if running, err = name(ctx); err != nil {
		return nil, "", err
	}
	recorder, err = evidence.OfBatch(ctx, serving, m.root, m.stack, m.settings, model, name)
	if err != nil {
		return nil, "", err
	}
	for _, why := range recorder.Unrecorded {
		fmt.Fprintln(m.out, why)
	}
	return recorder, running, nil
}
