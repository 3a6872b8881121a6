package deploy

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
)

func TestOnlyLogGroupsThatAreThereAlreadyCanBeAdopted(t *testing.T) {
	t.Parallel()
	const logs, table = "aws:cloudwatch/logGroup:LogGroup", "aws:dynamodb/table:Table"
	found := newCollisions()
	for _, row := range []struct {
		urn, kind, name, message string
		op                       apitype.OpType
	}{
		{"b", logs, "/b", "creating Log Group (/b): ResourceAlreadyExistsException: it is there", apitype.OpCreate},
		{"a", logs, "/a", "creating Log Group (/a): ResourceAlreadyExistsException: it is there", apitype.OpCreate},
		{"denied", logs, "/c", "creating Log Group (/c): AccessDeniedException", apitype.OpCreate},
		{"update", logs, "/d", "ResourceAlreadyExistsException", apitype.OpUpdate},
		{"table", table, "e", "ResourceAlreadyExistsException", apitype.OpCreate},
	} {
		found.see(events.EngineEvent{EngineEvent: apitype.EngineEvent{
			DiagnosticEvent: &apitype.DiagnosticEvent{URN: row.urn, Message: row.message},
		}})
		found.see(events.EngineEvent{EngineEvent: apitype.EngineEvent{
			ResOpFailedEvent: &apitype.ResOpFailedEvent{Metadata: apitype.StepEventMetadata{
				Op: row.op, URN: row.urn, Type: row.kind,
				New: &apitype.StepEventStateMetadata{Inputs: map[string]any{"name": row.name}},
			}},
		}})
	}
	var names []string
	for _, e := range found.existing() {
		names = append(names, e.Name())
	}
	assert.Equal(t, []string{"/a", "/b"}, names)
}
