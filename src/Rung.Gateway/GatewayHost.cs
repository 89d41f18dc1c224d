using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Inquiries;
using Rung.Gateway.Judging;
using Rung.Gateway.Recording;
using Rung.Gateway.Reply;
using Rung.Gateway.Shadows;
using Rung.Gateway.Streaming;

namespace Rung.Gateway;

/// <summary>Puts the gateway into an ASP.NET Core application.</summary>
public static class GatewayHost
{
    /// <summary>Registers the pipeline, and the recorder as a hosted service.</summary>
    public static IServiceCollection AddRungGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Policies);
        services.AddSingleton<GatewayTelemetry>();
        services.AddSingleton(provider => new DeadlineWatch(options.Clock));
        services.AddSingleton<IUpstreamClient, UpstreamClient>();
        services.AddSingleton(provider =>
        {
            var recorder = new CallRecorder(options.Append, new DetailRedaction(options.Policies), options.Recorder, options.Clock, provider.GetRequiredService<ILogger<CallRecorder>>());
            provider.GetRequiredService<GatewayTelemetry>().Watch(recorder);
            return recorder;
        });
        services.AddHostedService(provider => provider.GetRequiredService<CallRecorder>());
        services.AddSingleton(provider =>
        {
            var tap = new ContentTap(options.Keep, options.Content, options.Clock, provider.GetRequiredService<ILogger<ContentTap>>());
            if (options.Keep is not null) provider.GetRequiredService<GatewayTelemetry>().Watch(tap);
            return tap;
        });
        services.AddHostedService(provider => provider.GetRequiredService<ContentTap>());
        services.AddSingleton<StreamLengths>();
        services.AddSingleton(provider => new Dispatcher(
            provider.GetRequiredService<IUpstreamClient>(), provider.GetRequiredService<DeadlineWatch>(), provider.GetRequiredService<StreamLengths>(),
            provider.GetRequiredService<GatewayTelemetry>(), options.Clock, provider.GetRequiredService<ILogger<Dispatcher>>()));
        services.AddSingleton(provider => new CommandRunner(new CommandFence(FenceStrength.Alone), options.Clock, provider.GetRequiredService<ILogger<CommandRunner>>()));
        services.AddSingleton(provider =>
        {
            var dispatcher = provider.GetRequiredService<Dispatcher>();
            var telemetry = provider.GetRequiredService<GatewayTelemetry>();
            return new Inquirer(
                new SampleTaker(dispatcher), new ModelVerifierAsker(dispatcher, options.Clock),
                new HttpVerifierAsker(provider.GetRequiredService<IUpstreamClient>(), provider.GetRequiredService<DeadlineWatch>(), telemetry, options.Clock),
                provider.GetRequiredService<CommandRunner>(), telemetry);
        });
        services.AddSingleton(provider => new RungAttempts(provider.GetRequiredService<Dispatcher>(), options.Chance, options.Clock));
        services.AddSingleton(provider => new Judge(provider.GetRequiredService<Dispatcher>(), provider.GetRequiredService<Inquirer>()));
        services.AddSingleton(provider =>
        {
            var telemetry = provider.GetRequiredService<GatewayTelemetry>();
            var caller = new ShadowCaller(provider.GetRequiredService<RungAttempts>(), provider.GetRequiredService<Judge>(), telemetry, options.Clock);
            var copies = new ShadowCopies(caller, options.Policies, provider.GetRequiredService<CallRecorder>(), options.JudgeShadow, options.Shadows, provider.GetRequiredService<ILogger<ShadowCopies>>());
            telemetry.Watch(copies);
            return copies;
        });
        services.AddHostedService(provider => provider.GetRequiredService<ShadowCopies>());
        services.AddSingleton(provider => new CallPipeline(
            options.Policies, options.Keys, provider.GetRequiredService<RungAttempts>(), provider.GetRequiredService<Judge>(),
            new ReplyWriter(provider.GetRequiredService<Dispatcher>()), provider.GetRequiredService<CallRecorder>(), provider.GetRequiredService<ContentTap>(),
            provider.GetRequiredService<ShadowCopies>(), provider.GetRequiredService<GatewayTelemetry>(), options.Clock,
            provider.GetRequiredService<ILogger<CallPipeline>>()));
        return services;
    }

    /// <summary>
    /// Serves the gateway's paths. Chat completions are matched first, by comparison, before anything else of the framework runs.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="others">Asked for what no endpoint has taken and what is none of the gateway's own paths, before it becomes a 404: whether it has answered. Null: nobody else serves anything.</param>
    public static void UseRungGateway(this WebApplication app, Func<HttpContext, Task<bool>>? others = null)
    {
        var pipeline = app.Services.GetRequiredService<CallPipeline>();
        app.Use(next => http =>
        {
            var path = http.Request.Path.Value;
            if (path is not ("/v1/chat/completions" or "/chat/completions")) return next(http);
            return HttpMethods.IsPost(http.Request.Method)
                ? pipeline.HandleAsync(http)
                : new ErrorReply(405, "invalid_request_error", "method_not_allowed", "Use POST.").WriteAsync(http);
        });
        app.UseRouting();
        app.MapGatewayPages();
        app.MapFallback("{*path}", async http =>
        {
            if (others is not null && !IsOwn(http.Request.Path) && await others(http)) return;
            await new ErrorReply(404, "invalid_request_error", "unknown_path",
                $"There is nothing at {http.Request.Path}. The gateway serves POST /v1/chat/completions, POST /v1/traces, GET /v1/models, GET /rung/calls, GET /rung/calls/{{id}}, GET /rung/policy, POST /rung/feedback, GET /rung/reviews, GET /rung/alerts, /healthz and /readyz.").WriteAsync(http);
        });
    }

    private static bool IsOwn(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/rung") || path.StartsWithSegments("/chat") || path.StartsWithSegments("/healthz") || path.StartsWithSegments("/readyz");
}
