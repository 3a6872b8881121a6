package access

// transforms are for batch transforms: state machines, their logs, and what starts them.
func transforms() []Grant {
	machines := "states:{region}:{account}:stateMachine:*-{stack}"
	grants := []Grant{
		{
			Sid: "StateMachines", Types: []string{stateMachine}, Resources: []string{machines},
			Actions: []string{
				"states:CreateStateMachine", "states:DeleteStateMachine", "states:DescribeStateMachine",
				"states:ListStateMachineVersions", "states:ListTagsForResource", "states:TagResource",
				"states:UntagResource", "states:UpdateStateMachine",
			},
		},
		{
			// A definition is checked before there is a state machine.
			Sid: "Definitions", Types: []string{stateMachine}, Actions: []string{"states:ValidateStateMachineDefinition"},
		},
		{
			Sid: "Schedules", Types: []string{schedule},
			Resources: []string{"scheduler:{region}:{account}:schedule/*-{stack}/*-{stack}"},
			Actions: []string{
				"scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:GetSchedule",
				"scheduler:UpdateSchedule",
			},
		},
		{
			Sid: "ScheduleGroups", Types: []string{scheduleGroup},
			Resources: []string{"scheduler:{region}:{account}:schedule-group/*-{stack}"},
			Actions: []string{
				"scheduler:CreateScheduleGroup", "scheduler:DeleteScheduleGroup", "scheduler:GetScheduleGroup",
				"scheduler:ListTagsForResource", "scheduler:TagResource", "scheduler:UntagResource",
			},
		},
		{
			Sid: "Rules", Types: []string{eventRule, eventTarget},
			Resources: []string{"events:{region}:{account}:rule/*-{stack}"},
			Actions: []string{
				"events:DeleteRule", "events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule",
				"events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:TagResource",
				"events:UntagResource",
			},
		},
		{
			// EventBridge Scheduler encrypts a schedule for whoever makes it.
			Sid: "EncryptSchedules", Types: []string{schedule}, Resources: []string{keys},
			Actions: []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"},
			Conditions: map[string]map[string]string{
				"StringLike": {"kms:ViaService": "scheduler.{region}.amazonaws.com*"},
			},
		},
	}
	for _, row := range []struct{ sid, service, typ string }{
		{"PassRolesToEvents", "events", eventTarget},
		{"PassRolesToScheduler", "scheduler", schedule},
		{"PassRolesToStates", "states", stateMachine},
	} {
		grants = append(grants, Grant{
			Sid: row.sid, Types: []string{row.typ}, Resources: []string{roles}, Actions: []string{"iam:PassRole"},
			Conditions: map[string]map[string]string{"StringEquals": {"iam:PassedToService": row.service + ".amazonaws.com"}},
		})
	}
	return grants
}
