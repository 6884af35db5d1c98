import { describe, expect, it } from "vitest";
import { addressOf } from "../../../workers/a2a/address.ts";
import { A2aError } from "../../../workers/a2a/errors.ts";
import { httpOperation, queryParams } from "../../../workers/a2a/http-json.ts";
import { withJsonNames } from "../../../workers/a2a/proto-names.ts";

const TENANT = "ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2";

describe("an address below /a2a", () => {
  it.each([
    ["/a2a", undefined, undefined, ""],
    ["/a2a/", undefined, undefined, ""],
    ["/a2a/analyst", "analyst", undefined, ""],
    ["/a2a/analyst/", "analyst", undefined, ""],
    [`/a2a/${TENANT}`, undefined, TENANT, ""],
    ["/a2a/message:send", undefined, undefined, "/message:send"],
    ["/a2a/tasks/run_1:cancel", undefined, undefined, "/tasks/run_1:cancel"],
    [`/a2a/${TENANT}/tasks`, undefined, TENANT, "/tasks"],
    [`/a2a/analyst/${TENANT}/message:stream`, "analyst", TENANT, "/message:stream"],
    ["/a2a/analyst/.well-known/agent-card.json", "analyst", undefined, "/.well-known/agent-card.json"],
    ["/a2a/extendedAgentCard", undefined, undefined, "/extendedAgentCard"],
  ])("%s", (path, agent, tenant, operation) => {
    expect(addressOf(path)).toMatchObject({ agent, tenant, operation });
  });
});

describe("an operation of the HTTP+JSON binding (§11.3)", () => {
  it.each([
    ["POST", "/message:send", "SendMessage", {}],
    ["POST", "/message:stream", "SendStreamingMessage", {}],
    ["GET", "/tasks", "ListTasks", {}],
    ["GET", "/tasks/run%5F1", "GetTask", { id: "run_1" }],
    ["POST", "/tasks/run_1:cancel", "CancelTask", { id: "run_1" }],
    ["POST", "/tasks/run_1:subscribe", "SubscribeToTask", { id: "run_1" }],
    ["GET", "/tasks/run_1:subscribe", "SubscribeToTask", { id: "run_1" }],
    ["POST", "/tasks/run_1/pushNotificationConfigs", "CreateTaskPushNotificationConfig", { taskId: "run_1" }],
    ["GET", "/tasks/run_1/pushNotificationConfigs", "ListTaskPushNotificationConfigs", { taskId: "run_1" }],
    ["GET", "/tasks/run_1/pushNotificationConfigs/c", "GetTaskPushNotificationConfig", { taskId: "run_1", id: "c" }],
    ["DELETE", "/tasks/run_1/pushNotificationConfigs/c", "DeleteTaskPushNotificationConfig", { taskId: "run_1", id: "c" }],
    ["GET", "/extendedAgentCard", "GetExtendedAgentCard", {}],
  ])("%s %s", (method, path, operation, named) => {
    expect(httpOperation(method, path)).toMatchObject({ operation, named });
  });

  it("that does not exist is not found; one for other methods says which", () => {
    expect(() => httpOperation("GET", "/nothing")).toThrow(A2aError);
    expect(() => httpOperation("PUT", "/tasks")).toThrow(/GET is/);
  });

  it("reads numbers and booleans from a query, and leaves what is none as text", () => {
    const query = new URLSearchParams("pageSize=5&historyLength=x&includeArtifacts=true&contextId=7");
    expect(queryParams(query)).toEqual({ pageSize: 5, historyLength: "x", includeArtifacts: true, contextId: "7" });
  });
});

describe("names of the proto's fields", () => {
  it("become those of its JSON form, but for what is the client's own", () => {
    const given = {
      task_id: "a",
      message: { message_id: "m", parts: [{ data: { my_key: 1 }, media_type: "x" }], metadata: { my_key: 1 } },
    };
    expect(withJsonNames(given)).toEqual({
      taskId: "a",
      message: { messageId: "m", parts: [{ data: { my_key: 1 }, mediaType: "x" }], metadata: { my_key: 1 } },
    });
    expect(withJsonNames({ task_id: "proto", taskId: "json" })).toEqual({ taskId: "json" });
  });
});
