package docs_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// awsCommand is a command of the AWS CLI in a block of commands, from its first argument to the end of the line.
var awsCommand = regexp.MustCompile(`(?:^|[|;&(]|\s)aws (\S+ [a-z0-9-]+.*)$`)

// TestEveryCommandOfTheAWSCLINamesItsRegion: version 1 of the AWS CLI does not read AWS_REGION.
func TestEveryCommandOfTheAWSCLINamesItsRegion(t *testing.T) {
	t.Parallel()
	commands := 0
	for name, text := range pages(t) {
		inside := false
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "```") {
				inside = !inside
				continue
			}
			if found := awsCommand.FindStringSubmatch(line); inside && found != nil {
				commands++
				assert.Contains(t, found[1], "--region ", "%s: %s", name, line)
			}
		}
	}
	assert.Greater(t, commands, 20)
}
