package serving

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"sagehost/localaws/containers/serving/archive"
	"sagehost/localaws/services/objects"
)

// errTooLong is the cause of a context that ended because something took longer than its timeout.
var errTooLong = errors.New("it took too long")

// notFetched is why a fleet fails that cannot have the data of one of its containers, which counts from 0.
func notFetched(spec Spec, index int, err error) *FailedStart {
	container := spec.Containers[index]
	at := fmt.Sprintf(`container "container_%d" from URL`, index+1)
	switch {
	case errors.Is(err, archive.ErrNoSpace):
		return failed(`Failed to extract model data for %s "%s": %s.`, at, container.ModelData, spec.full())
	case errors.Is(err, errCorrupt):
		return failed(`Failed to extract model data archive for %s "%s". Please ensure that the object located at the `+
			`URL is a valid tar.gz archive. (%v)`, at, container.ModelData, err)
	case objects.Code(err) == "AccessDenied":
		return failed(`Could not access model data at %s. Please ensure that the role "%s" exists and that its trust `+
			`relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". `+
			`Also ensure that the role has "s3:GetObject" permissions and that the object is located in %s.`,
			container.ModelData, spec.RoleARN, spec.Region)
	case errors.Is(err, errTooLong):
		return failed(`Failed to download model data for %s: "%s" within %d seconds.`,
			at, container.ModelData, int(spec.downloadTimeout().Seconds()))
	}
	reason := fmt.Sprintf(`Failed to download model data for %s: "%s". Please ensure that there is an object located at `+
		`the URL and that the role passed to CreateModel has permissions to download the object.`, at, container.ModelData)
	if !missing(err) {
		reason += fmt.Sprintf(" (%v)", err)
	}
	return &FailedStart{Reason: reason}
}

// notHealthy is why a fleet fails whose container does not get ready. Detail is what is known beyond that.
func notHealthy(spec Spec, name, detail string) *FailedStart {
	return failed("The %s container for production variant %s did not pass the ping health check. "+
		"Please check CloudWatch logs for this endpoint. %s", name, spec.variant(), detail)
}

func failed(format string, args ...any) *FailedStart {
	return &FailedStart{Reason: strings.TrimSpace(fmt.Sprintf(format, args...))}
}

// endpoint and variant are what the name of a fleet is made of.
func (s Spec) endpoint() string {
	if slash := strings.LastIndex(s.Name, "/"); slash >= 0 {
		return s.Name[:slash]
	}
	return s.Name
}

func (s Spec) variant() string { return s.Name[strings.LastIndex(s.Name, "/")+1:] }

const (
	// defaultDownloadTimeout is the longest that an endpoint configuration can ask for; AWS documents no default.
	defaultDownloadTimeout = time.Hour
	// defaultHealthTimeout is how long AWS waits for a container to answer pings unless the configuration says more.
	defaultHealthTimeout = 4 * time.Minute
)

func (s Spec) downloadTimeout() time.Duration {
	if s.DownloadTimeout > 0 {
		return s.DownloadTimeout
	}
	return defaultDownloadTimeout
}

func (s Spec) healthTimeout() time.Duration {
	if s.HealthTimeout > 0 {
		return s.HealthTimeout
	}
	return defaultHealthTimeout
}
