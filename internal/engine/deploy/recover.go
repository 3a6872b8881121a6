package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"sagehost/internal/live/commandline"
	"sagehost/localaws/process"
)

// Recover puts right what a killed update left behind on the local AWS: the lock on the stack, resources that the
// update was creating when it died, and what has taken the place of resources that are in the state. It changes nothing
// where the last update came to its end, and nothing on AWS: only people can tell there that nobody is at work on the
// stack.
func (s *Stack) Recover(ctx context.Context) error {
	if s.remote {
		return nil
	}
	stale, err := s.breakStaleLock(ctx)
	if err != nil {
		return err
	}
	pending, err := s.adoptPendingCreates(ctx)
	if err != nil || !stale && !pending {
		return err
	}
	return s.deleteLeftovers(ctx)
}

// lock is what the engine's file backend writes while it changes a stack.
type lock struct {
	PID int `json:"pid"`
}

// breakStaleLock reports whether there was a lock of an update that was killed.
func (s *Stack) breakStaleLock(ctx context.Context) (bool, error) {
	name := s.opts.File.Stack
	dir := filepath.Join(BackendDir(s.opts.Dir), ".pulumi", "locks", "organization",
		string(s.opts.File.Project.Name), name)
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || len(files) == 0 && err == nil {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("locks of stack %q: %w", name, err)
	}
	for _, file := range files {
		var held lock
		data, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			continue // its update has just come to its end
		}
		if err := json.Unmarshal(data, &held); err == nil && engineMark(s.opts.Dir).Has(held.PID) {
			return false, fmt.Errorf("stack %q is being changed by process %d; wait for it, or interrupt it with `%s`",
				name, held.PID, commandline.Interrupt(held.PID))
		}
	}
	fmt.Fprintf(s.opts.Out, "An earlier update of stack %q was killed: taking over its lock.\n", name)
	if err := s.stack.Cancel(ctx); err != nil {
		return false, fmt.Errorf("lock of stack %q: %w", name, err)
	}
	return true, nil
}

// engineMark is carried by the engines at work on the stacks of a local AWS, whose folder is dir, and by their plugins.
func engineMark(dir string) process.Mark { return process.NewMark("engine", dir) }

// engineGrace is how long an engine may take to bring what it does to an end.
const engineGrace = 5 * time.Second

// EndEngines ends the engines that are at work on the stacks of a local AWS whose folder is dir, and returns when they
// have ended: one whose command was killed goes on by itself.
func EndEngines(ctx context.Context, dir string) error {
	if err := engineMark(dir).End(ctx, engineGrace); err != nil {
		return fmt.Errorf("end what changes stacks: %w", err)
	}
	return nil
}

// idForms say how the ID follows from the inputs, whose names are in ${}, for the types whose creation can be adopted.
// The creation of other types either can be repeated or leaves something behind that nothing refers to.
var idForms = map[tokens.Type]string{
	"aws:sagemaker/model:Model":                                 "${name}",
	"aws:sagemaker/endpointConfiguration:EndpointConfiguration": "${name}",
	"aws:sagemaker/endpoint:Endpoint":                           "${name}",
	"aws:sagemaker/modelPackageGroup:ModelPackageGroup":         "${modelPackageGroupName}",
	"aws:iam/role:Role":                                         "${name}",
	"aws:s3/bucketV2:BucketV2":                                  "${bucket}",
	"aws:cloudwatch/metricAlarm:MetricAlarm":                    "${name}",
	logGroup:                                                    "${name}",
	"aws:kms/alias:Alias":                                       "${name}",
	"aws:scheduler/schedule:Schedule":                           "${groupName}/${name}",
	"aws:scheduler/scheduleGroup:ScheduleGroup":                 "${name}",
	"aws:ssm/parameter:Parameter":                               "${name}",
}

// idOf is a resource's ID as it follows from its inputs; empty where it does not.
func idOf(r *apitype.ResourceV3) resource.ID {
	complete := true
	id := os.Expand(idForms[r.Type], func(name string) string {
		value, ok := r.Inputs[name].(string)
		complete = complete && ok
		return value
	})
	if !complete {
		return ""
	}
	return resource.ID(id)
}

// adoptPendingCreates settles creations that were under way when an update was killed. Nobody noted whether they came
// to an end: those whose ID follows from their inputs are written into the state, from which a refresh takes them out
// again if they do not exist. It reports whether there were any.
func (s *Stack) adoptPendingCreates(ctx context.Context) (bool, error) {
	exported, deployment, err := s.export(ctx)
	if err != nil {
		return false, err
	}
	pending, adopted := adopt(deployment)
	if pending == 0 {
		return false, nil
	}
	fmt.Fprintf(s.opts.Out, "An earlier update of stack %q was killed while it created %s.\n",
		s.opts.File.Stack, english.Plural(pending, "resource: looking for it", "resources: looking for them"))
	if err := s.put(ctx, exported, deployment); err != nil {
		return true, err
	}
	if adopted > 0 {
		_, err = s.refresh(ctx)
	}
	return true, err
}

// adopt strikes pending creations from the state and counts them, and adds to the state those whose ID is known. A
// replacement is not added: its predecessor is still in the state, and in use.
func adopt(deployment *apitype.DeploymentV3) (pending, adopted int) {
	known := map[resource.URN]bool{}
	for _, r := range deployment.Resources {
		known[r.URN] = true
	}
	var others []apitype.OperationV2
	for _, operation := range deployment.PendingOperations {
		if operation.Type != apitype.OperationTypeCreating {
			others = append(others, operation)
			continue
		}
		pending++
		r := operation.Resource
		if id := idOf(&r); id != "" && !known[r.URN] {
			r.ID = id
			deployment.Resources = append(deployment.Resources, r)
			adopted++
		}
	}
	deployment.PendingOperations = others
	return pending, adopted
}

func (s *Stack) export(ctx context.Context) (apitype.UntypedDeployment, *apitype.DeploymentV3, error) {
	exported, err := s.stack.Export(ctx)
	if err != nil {
		return exported, nil, fmt.Errorf("state of stack %q: %w", s.opts.File.Stack, err)
	}
	var deployment apitype.DeploymentV3
	if err := json.Unmarshal(exported.Deployment, &deployment); err != nil {
		return exported, nil, fmt.Errorf("state of stack %q: %w", s.opts.File.Stack, err)
	}
	return exported, &deployment, nil
}

// put writes back an exported state whose deployment was changed.
func (s *Stack) put(
	ctx context.Context, exported apitype.UntypedDeployment, deployment *apitype.DeploymentV3,
) error {
	var err error
	if exported.Deployment, err = json.Marshal(deployment); err != nil {
		return fmt.Errorf("state of stack %q: %w", s.opts.File.Stack, err)
	}
	if err := s.stack.Import(ctx, exported); err != nil {
		return fmt.Errorf("state of stack %q: %w", s.opts.File.Stack, s.locked(err))
	}
	return nil
}

// unprotect takes the protection off every resource that has it.
func (s *Stack) unprotect(ctx context.Context) error {
	exported, deployment, err := s.export(ctx)
	if err != nil {
		return err
	}
	protected := false
	for i := range deployment.Resources {
		protected = protected || deployment.Resources[i].Protect
		deployment.Resources[i].Protect = false
	}
	if !protected {
		return nil
	}
	return s.put(ctx, exported, deployment)
}
