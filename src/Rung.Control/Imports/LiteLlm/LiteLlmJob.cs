using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.LiteLlm;

/// <summary>Finds the job of a LiteLLM call: what the caller labelled first, then the names of models and keys.</summary>
internal static class LiteLlmJob
{
    /// <summary>Reads the names.</summary>
    /// <param name="fields">The record.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="model">The model that was called; null when not told.</param>
    public static JobNames Read(FieldReading fields, FieldReading metadata, string? model)
    {
        var names = new JobNames();
        names.ReadLabels(fields.List("request_tags"));
        names.Read(metadata.Map("spend_logs_metadata"));
        names.Read(metadata.Map("requester_metadata"));
        names.Give(metadata.NameIfText("generation_name"));
        names.Infer(ModelAlias.JobOf(fields.NameIfText("model_group"), model));
        names.Infer(OwnAlias(metadata.NameIfText("user_api_key_alias")));
        names.Infer(OwnAlias(metadata.NameIfText("user_api_key_team_alias")));
        names.GiveAgent(fields.NameIfText("agent_id"));
        names.GiveUser(fields.NameIfText("end_user") ?? metadata.NameIfText("user_api_key_end_user_id"));
        names.GiveUser(fields.NameIfText("user") ?? metadata.NameIfText("user_api_key_user_id"));
        return names;
    }

    // Keys that the proxy makes for itself (its dashboard, its health checks) name no job.
    private static string? OwnAlias(string? alias) => alias is null || alias.StartsWith("litellm", StringComparison.OrdinalIgnoreCase) ? null : alias;
}
