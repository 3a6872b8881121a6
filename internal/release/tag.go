package release

// Tag is the tag of a model in SageMaker that holds the id of the release that it is.
const Tag = "sagehost:release"
