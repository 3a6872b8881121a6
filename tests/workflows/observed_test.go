package workflows_test

import (
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/github/fakegithub"
)

func (s *story) comments() {
	s.checkout()
	for _, stack := range []string{"dev", "prod"} {
		file := "Pulumi." + stack + ".yaml"
		s.write(file, strings.Replace(s.read(file), "    forceDestroy", "    captureRetentionDays: 30\n    forceDestroy", 1))
		s.job("workflows/pull-request.yml", "preview-"+stack)
		s.job("workflows/pull-request.yml", "comment-"+stack)
	}
	require.Len(s.t, s.github.Comments, 2)
	assert.Contains(s.t, s.github.Comments[1].Body, "<!-- sagehost:preview:prod -->\n")
	assert.NotContains(s.t, s.github.Comments[1].Body, "failed")

	good := s.read("Pulumi.dev.yaml")
	s.write("Pulumi.dev.yaml", strings.Replace(good, "RetentionDays", "RetentionDay", 1))
	preview := named(s.t, "workflows/pull-request.yml").scripts("preview-dev")
	_, code := s.run(preview[len(preview)-1])
	assert.Equal(s.t, 1, code)
	s.job("workflows/pull-request.yml", "comment-dev")
	s.write("Pulumi.dev.yaml", good)

	require.Len(s.t, s.github.Comments, 2, "edited in place")
	assert.Equal(s.t, 7, s.github.Comments[0].On)
	assert.Contains(s.t, s.github.Comments[0].Body, "### Preview of stack <code>dev</code> failed")
	assert.Contains(s.t, s.github.Comments[0].Body,
		`sagehost:storage.captureRetentionDay: is an unknown key; did you mean "captureRetentionDays"?`)
	assert.Contains(s.t, s.github.Comments[0].Body, "[this run](https://github.com/octo/models/actions/runs/42)")
}

func (s *story) drift() {
	s.checkout()
	before := len(s.github.Issues)
	s.job("workflows/drift.yml", "drift")
	require.Len(s.t, s.github.Issues, before)

	topic := s.topic("sagehost-dev")
	s.tag(topic, "by-hand")
	for range 2 {
		s.job("workflows/drift.yml", "drift")
		require.Len(s.t, s.github.Issues, before+1)
	}
	assert.Equal(s.t, "Stack dev has drifted", s.github.Issues[before].Title)
	assert.Equal(s.t, []fakegithub.Label{{Name: "drift"}}, s.github.Issues[before].Labels)
	assert.Contains(s.t, s.github.Issues[before].Body, "**1 changed**, ")

	s.untag(topic, "by-hand")
	s.job("workflows/drift.yml", "drift")
	assert.Equal(s.t, "closed", s.github.Issues[before].State)
}
