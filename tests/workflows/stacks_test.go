package workflows_test

import "strings"

// stackFile is a stack that is quickly deployed. Its buckets are on an endpoint, where they are paths.
const stackFile = `config:
  aws:region: eu-west-1
  aws:allowedAccountIds: ["123456789012"]
  aws:s3UsePathStyle: "true"
  sagehost:storage:
    forceDestroy: true
`

// hosted is what both stacks have that serve a release.
const hosted = stackFile + `  sagehost:models:
    flowers:
      release: RELEASE
  sagehost:endpoints:
    flowers:
      variants:
        - {name: main, model: flowers, instanceType: ml.m5.large}
`

const batch = `  sagehost:batch:
    flowers:
      model: flowers
      instanceType: ml.m5.large
      contentType: text/csv
      accept: application/jsonlines
      splitType: Line
      strategy: MultiRecord
      assembleWith: Line
`

const promotion = `  sagehost:pinned: true
  sagehost:promotion: # what customers are owed
    from: dev
    gates:
      flowers:
        smoke: {p99: 30s}
        evaluation:
          accuracy: {min: 0.9}
        bake: {for: 30m, minSamples: 100}
`

// empty are two stacks without models.
func empty() map[string]string { return map[string]string{"dev": stackFile, "prod": stackFile} }

// serving are two stacks that serve these releases.
func serving(dev, prod string) map[string]string {
	return map[string]string{
		"dev":  strings.Replace(hosted, "RELEASE", dev, 1) + batch,
		"prod": strings.Replace(hosted, "RELEASE", prod, 1) + promotion,
	}
}
