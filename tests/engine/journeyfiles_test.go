package engine_test

// The files of a journey. Prod describes its model inline until a release takes the place of that.
const (
	journeyDev = `# The first stack: what is released is tried here.
config:
  aws:region: eu-west-1
  sagehost:storage: {forceDestroy: true}
  sagehost:models:
    flowers: # the garden's
      image: ` + soundImage + `
      artifactFile: models/sound.tar.gz
      environment: {LOG_LEVEL: warning}
  sagehost:endpoints:
    flowers:
      variants:
        - {name: main, model: flowers, instanceType: ml.m5.large}
  sagehost:batch:
    flowers:
      model: flowers
      instanceType: ml.m5.large
      contentType: text/csv
      accept: application/jsonlines
      splitType: Line
      strategy: MultiRecord
      assembleWith: Line
`
	journeyProd = `# What customers see.
config:
  aws:region: eu-west-1
  sagehost:storage: {forceDestroy: true}
  sagehost:pinned: true # releases or digests
  sagehost:promotion:
    from: dev
    gates:
      flowers:
        smoke: {p99: 10s}
        evaluation:
          accuracy: {min: 0.9, maxDrop: 0.02}
        bake: {for: 6m, minSamples: 10}
  sagehost:models:
    flowers: # promotion edits the next line, and nothing else
      image: ` + soundImage + `
      artifactFile: models/sound.tar.gz
  sagehost:endpoints:
    flowers:
      variants:
        - {name: main, model: flowers, instanceType: ml.m5.large, initialInstanceCount: 2}
      update:
        strategy: canary
        canarySize: {percent: 50}
        wait: 20m
        rollbackThresholds: {modelLatency: 50s}
`
	journeySmoke = `cases:
  - name: a small flower
    body: 5.1,3.5,1.4,0.2
    requests: 20
    expect: {contains: [setosa]}
`
)
